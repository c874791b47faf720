import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ConfigZod } from '../../configs/config';
import { connectDb, type Db } from '../../db/db';
import { demoPassword, demoSignIns } from '../../db/seeds/demo_people';
import { storedId } from '../../db/stored_id';
import { createLogger } from '../../lib/logger';
import { type RunningServer, startServer } from '../../server';
import { createTestDatabase } from '../../test/database';

const minute = 60_000;
const [teacher, pupil, , , admin] = demoSignIns;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let server: RunningServer;
let url: string;
let system: Db;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = ConfigZod.parse({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    PORT: '0',
    BETTER_AUTH_SECRET: 'a secret of the tests, long enough for anybody',
    RATE_LIMIT_API_MAX: '100000',
    TRUSTED_PROXIES: '1',
  });
  server = await startServer(config, createLogger('silent'));
  url = `http://127.0.0.1:${server.port}`;
  system = connectDb(database.url, 'system', 2);
});
afterAll(async () => {
  await system.$close();
  await server.stop();
  await database.drop();
});

async function signIn(email: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, ...headers },
    body: JSON.stringify({ email, password: demoPassword }),
  });
  expect(response.status).toBe(200);
  const cookie = response.headers.getSetCookie().find((text) => text.startsWith('rapt_session='));
  return cookie?.split(';', 1)[0] ?? '';
}

type Answer = {
  status: number;
  code?: string;
  message?: string;
  data?: { details?: unknown };
  items?: Item[];
};
type Item = {
  authSessionId: RichId<'authsession'>;
  current: boolean;
  deviceContext: string;
  userAgent: string;
};
async function call(path: string, cookie: string, input: unknown, from = '198.51.100.1'): Promise<Answer> {
  const response = await fetch(`${url}/rpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, 'x-forwarded-for': from },
    body: JSON.stringify({ json: input }),
  });
  const { json } = (await response.json()) as { json: Omit<Answer, 'status'> };
  return { ...json, status: response.status };
}
const sessions = async (cookie: string) =>
  (await call('auth/listSessions', cookie, { limit: 100 })).items ?? [];
/** Makes the sign-in of a cookie as old as a lesson. */
async function age(cookie: string): Promise<void> {
  const mine = (await sessions(cookie)).find(({ current }) => current);
  if (!mine) throw new Error('nobody is signed in');
  const past = Date.now() - 40 * minute;
  await system.authSessions.find(storedId(mine.authSessionId)).update({ createdAt: past });
}

beforeEach(async () => {
  await system.authSessions.all().delete();
});

test('somebody sees where they are signed in, and ends a session at once; nobody else’s', async () => {
  const own = await signIn(teacher.email, { 'x-device-context': 'personal', 'user-agent': 'A phone' });
  const other = await signIn(teacher.email, { 'x-device-context': 'shared', 'user-agent': 'The library' });
  const stranger = await signIn(pupil.email);
  const list = await sessions(own);
  expect(list.map(({ current, deviceContext, userAgent }) => [current, deviceContext, userAgent])).toEqual([
    [false, 'shared', 'The library'],
    [true, 'personal', 'A phone'],
  ]);
  expect(JSON.stringify(list)).not.toContain(decodeURIComponent(own.split('=')[1] ?? '').split('.')[0]);
  const theirs = (await sessions(stranger))[0]?.authSessionId;
  expect(await call('auth/endSession', own, { authSessionId: theirs })).toMatchObject({ status: 404 });
  const library = list[0]?.authSessionId;
  expect(await call('auth/endSession', own, { authSessionId: library })).toMatchObject({ status: 200 });
  expect((await call('me', other, undefined)).status).toBe(401);
  expect((await call('me', own, undefined)).status).toBe(200);
  expect((await call('me', stranger, undefined)).status).toBe(200);
  expect(await call('auth/endSession', own, { authSessionId: library })).toMatchObject({ status: 404 });
});

test('what changes who gets in needs a fresh sign-in; the password makes it fresh again, for this browser only', async () => {
  const [own, other] = [await signIn(admin.email), await signIn(admin.email)];
  const change = (cookie: string) => call('auth/changeEmail', cookie, { email: 'new.dag@fenmoor.example' });
  await age(own);
  await age(other);
  const stale = { status: 401, data: { details: { reason: 'fresh_session_required' } } };
  expect(await change(own)).toMatchObject(stale);
  expect((await call('me', own, undefined)).status).toBe(200);
  expect(await call('auth/prove', own, { password: 'a guess' })).toMatchObject({ status: 403 });
  expect(await change(own)).toMatchObject(stale);
  expect(await call('auth/prove', own, { password: demoPassword })).toMatchObject({ status: 200 });
  expect(await change(own)).toMatchObject({ status: 200 });
  expect(await change(other)).toMatchObject(stale);
});

test('guesses at an open browser are counted like those at the door', async () => {
  const cookie = await signIn(admin.email);
  const codes = [];
  for (let at = 0; at < 7; at++) {
    codes.push((await call('auth/prove', cookie, { password: `guess ${at}` }, '198.51.100.7')).status);
  }
  expect(codes).toEqual([403, 403, 403, 403, 403, 429, 429]);
});

test('a new password of one’s own ends every other session and keeps this one', async () => {
  const [own, other] = [await signIn(pupil.email), await signIn(pupil.email)];
  expect(await call('auth/changePassword', own, { password: 'short' })).toMatchObject({ status: 400 });
  expect(await call('auth/changePassword', own, { password: demoPassword })).toMatchObject({ status: 200 });
  expect((await call('me', own, undefined)).status).toBe(200);
  expect((await call('me', other, undefined)).status).toBe(401);
});

test('a sign-in makes a session of its own, whatever cookie somebody has put into the browser', async () => {
  const planted = await signIn(pupil.email);
  const own = await signIn(teacher.email, { cookie: planted });
  expect(own).not.toBe(planted);
  expect(await call('me', own, undefined)).toMatchObject({ name: teacher.name });
  expect(await call('me', planted, undefined)).toMatchObject({ name: pupil.name });
  const made = await signIn(teacher.email, { cookie: 'rapt_session=chosen-by-an-attacker.AAAA' });
  expect(made).not.toContain('chosen-by-an-attacker');
});

test('a page of another site can do nothing with somebody’s cookie, by whatever kind of request', async () => {
  const cookie = await signIn(teacher.email);
  const target = (await sessions(cookie))[0]?.authSessionId;
  const body = JSON.stringify({ json: { authSessionId: target } });
  const evil = { cookie, origin: 'https://evil.example' };
  const path = `${url}/rpc/auth/endSession`;
  const requests: [string, RequestInit][] = [
    [path, { method: 'POST', headers: { ...evil, 'content-type': 'application/json' }, body }],
    [path, { method: 'POST', headers: { ...evil, 'content-type': 'text/plain' }, body }],
    [
      path,
      { method: 'POST', headers: { ...evil, 'content-type': 'application/x-www-form-urlencoded' }, body },
    ],
    [path, { method: 'POST', headers: { cookie, origin: 'null', 'content-type': 'text/plain' }, body }],
    [
      path,
      {
        method: 'POST',
        headers: { cookie, 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' },
        body,
      },
    ],
    [path, { method: 'PUT', headers: { ...evil, 'content-type': 'application/json' }, body }],
    [path, { method: 'DELETE', headers: { ...evil, 'x-http-method-override': 'POST' } }],
    [`${path}?data=${encodeURIComponent(body)}`, { headers: { cookie } }],
    [
      `${path}?data=${encodeURIComponent(body)}&_method=POST`,
      { headers: { cookie, 'x-http-method-override': 'POST' } },
    ],
  ];
  for (const [address, init] of requests) {
    const { status } = await fetch(address, init);
    expect([init.method ?? 'GET', status]).toEqual([
      init.method ?? 'GET',
      expect.toSatisfy((code) => code >= 400),
    ]);
    expect(status).not.toBe(404);
    expect((await call('me', cookie, undefined)).status).toBe(200);
  }
  expect((await sessions(cookie)).map(({ authSessionId }) => authSessionId)).toEqual([target]);
});

test('a suspension ends sessions and what could be done with them at once, also in another’s hands', async () => {
  const [own, manager] = [await signIn(pupil.email), await signIn(admin.email)];
  const person = await system.authUsers.findBy({ email: pupil.email });
  expect(await call('auth/setStatus', manager, { userId: person.id, status: 'suspended' })).toMatchObject({
    status: 200,
  });
  expect((await call('me', own, undefined)).status).toBe(401);
  expect(await call('auth/setStatus', manager, { userId: person.id, status: 'active' })).toMatchObject({
    status: 200,
  });
  expect((await call('me', own, undefined)).status).toBe(401);
  expect((await call('me', await signIn(pupil.email), undefined)).status).toBe(200);
});
