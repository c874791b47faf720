import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoSignIns } from '../db/seeds/demo_people';
import { signInToDemo } from '../test/sign_in_to_demo';
import { startTestServer } from '../test/start_test_server';

const max = 20;
let server: Awaited<ReturnType<typeof startTestServer>>;
let url: string;

beforeAll(async () => {
  server = await startTestServer({ RATE_LIMIT_API_MAX: String(max), TRUSTED_PROXIES: '1' });
  ({ url } = server);
});
afterAll(() => server?.close());

const post = (path: string, headers: Record<string, string>, input?: unknown) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ json: input }),
  });

test('a person has so many calls a minute, whatever address they come from; the answers say what is left', async () => {
  const cookie = await signInToDemo(url, demoSignIns[0].email);
  const statuses: number[] = [];
  let last: Response | undefined;
  for (let at = 0; at < max + 3; at++) {
    last = await post('/rpc/me', { cookie, 'x-forwarded-for': `203.0.113.${at}` });
    statuses.push(last.status);
    if (at === 0) {
      expect(last.headers.get('x-ratelimit-limit')).toBe(String(max));
      expect(last.headers.get('x-ratelimit-remaining')).toBe(String(max - 1));
      expect(Number(last.headers.get('x-ratelimit-reset')) * 1_000).toBeGreaterThan(Date.now());
    }
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(max);
  expect(last?.status).toBe(429);
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(last?.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(await last?.json()).toMatchObject({
    json: {
      code: 'RATE_LIMIT_EXCEEDED',
      status: 429,
      data: {
        details: { limit: max, remaining: 0, resetAt: expect.any(Number), retryAfter: expect.any(Number) },
      },
    },
  });
  // Sync has a count of its own, so the app goes on; and somebody else at the same address is untouched.
  const pulled = await post('/rpc/sync/sealKey', { cookie });
  expect(pulled.status).toBe(200);
  expect(pulled.headers.get('x-ratelimit-limit')).toBe(String(max * 10));
  const other = await post('/rpc/me', { cookie: await signInToDemo(url, demoSignIns[1].email) });
  expect(other.status).toBe(200);
});

test('nobody in particular is counted by the network behind our proxy, which a header of their own does not change', async () => {
  const from = (address: string) =>
    post(
      '/rpc/auth/requestReset',
      { 'x-forwarded-for': `198.51.100.77, ${address}` },
      { email: `p${Math.random()}@alder.example` },
    );
  const statuses: number[] = [];
  for (let at = 0; at < max + 2; at++) statuses.push((await from(`2001:db8:1:2::${at}`)).status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(max);
  expect(statuses.slice(max)).toEqual([429, 429]);
  expect((await from('2001:db8:1:3::1')).status).toBe(200);
});

test('probes are never counted', async () => {
  for (let at = 0; at < max * 2; at++) {
    for (const path of ['/health', '/ready', '/meta/liveness-probe']) {
      const response = await fetch(`${url}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('x-ratelimit-limit')).toBeNull();
    }
  }
});
