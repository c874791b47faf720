import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigZod } from '../configs/config';
import { demoSignIns } from '../db/seeds/demo_people';
import { storedId } from '../db/stored_id';
import { createLogger } from '../lib/logger';
import { createAuth } from '../modules/auth/auth';
import { type RunningServer, startServer } from '../server';
import { buildApp } from '../test/build_app';
import { authSurface, httpSurface, type Knocker, knockers, type Welcome } from '../test/http_surface';
import { servedRouters } from '../test/served_routers';
import { signInToDemo } from '../test/sign_in_to_demo';
import { mountRoutes, type Route } from './mount_routes';

const cronToken = 'a token that a clock outside has';
const secret = 'a secret of the tests, long enough for anybody';
const [, pupil, suspended] = demoSignIns;
let built: Awaited<ReturnType<typeof buildApp>>;
let server: RunningServer;
let url: string;
let pages: string;
let routes: Record<string, Route>;
let endpoints: string[];
const headers: Record<Knocker, Record<string, string>> = { nobody: {}, suspended: {}, pupil: {}, clock: {} };

beforeAll(async () => {
  built = await buildApp();
  const { systemDb } = built.app;
  pages = await mkdtemp(path.join(tmpdir(), 'rapt-pages-'));
  await writeFile(path.join(pages, 'index.html'), '<!doctype html><title>App</title>');
  const config = ConfigZod.parse({
    NODE_ENV: 'test',
    RAPT_FRONTEND_DIR: pages,
    DATABASE_URL: built.url,
    PORT: '0',
    BETTER_AUTH_SECRET: secret,
    CRON_JOB_TOKEN: cronToken,
    RATE_LIMIT_API_MAX: '10000',
    GOOGLE_CLIENT_ID: 'g',
    GOOGLE_CLIENT_SECRET: 'g',
    MICROSOFT_CLIENT_ID: 'm',
    MICROSOFT_CLIENT_SECRET: 'm',
    CLEVER_CLIENT_ID: 'c',
    CLEVER_CLIENT_SECRET: 'c',
  });
  const logger = createLogger('silent');
  server = await startServer(config, logger);
  url = `http://127.0.0.1:${server.port}`;
  routes = mountRoutes({
    app: built.app,
    handleAuth: async () => {},
    openStream: async () => {},
    limits: { take: () => ({ limit: 1, remaining: 1, resetAt: 0 }) },
    cronJobs: { run: async () => true },
    ready: async () => ({ ready: true }),
  });
  headers.pupil = { cookie: await signInToDemo(url, pupil.email) };
  headers.suspended = { cookie: await signInToDemo(url, suspended.email) };
  headers.clock = { authorization: `Bearer ${cronToken}` };
  const { id } = await systemDb.authUsers.findBy({ email: suspended.email });
  await systemDb.users.where({ userId: storedId(id) }).update({ status: 'suspended' });
  endpoints = createAuth({ db: systemDb, config, secret, logger }).listEndpoints();
});
afterAll(async () => {
  await server.stop();
  await built.close();
  await rm(pages, { recursive: true });
});

const welcomes: Record<number, Welcome> = { 401: 'out', 404: 'nothing' };
function knock(
  { method, path: at, body }: (typeof httpSurface)[string]['ask'],
  more: Record<string, string>,
): Promise<Response> {
  const sent = method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {};
  return fetch(`${url}${at}`, {
    method,
    headers: { 'content-type': 'application/json', ...more },
    redirect: 'manual',
    ...sent,
  });
}
const surface = Object.entries(httpSurface).map(([route, line]) => ({ route, ...line }));

test('every route of the server has its line in the table of who may call it, and no line is left over', () => {
  expect(Object.keys(routes).sort()).toEqual(Object.keys(httpSurface).sort());
});

test('the procedures of every router that is mounted are held against the table of rights', () => {
  const mounted = Object.values(routes).flatMap(({ router }) => (router ? [router] : []));
  expect(mounted).toEqual(Object.values(servedRouters));
});

test.each(surface)('$route lets in whom the table says', async ({ ask, who }) => {
  for (const knocker of knockers) {
    const response = await knock(ask, headers[knocker]);
    await response.body?.cancel();
    expect([knocker, welcomes[response.status] ?? 'in']).toEqual([knocker, who[knocker]]);
    expect(response.status, knocker).toBeLessThan(500);
  }
});

test.each(surface)('$route says what pages may load, whoever asks', async ({ ask }) => {
  for (const knocker of knockers) {
    const response = await knock(ask, headers[knocker]);
    await response.body?.cancel();
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'self'; script-src 'self';.*frame-ancestors 'none'$/,
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test.each(surface.filter(({ byCookie }) => byCookie))(
  '$route, which knows people by their cookie, refuses what another site sends with it',
  async ({ route, ask }) => {
    expect(routes[route]?.byCookie).toBe(true);
    const signs: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const sign of signs) {
      const response = await knock(ask, { ...headers.pupil, ...sign });
      expect(response.status).toBe(403);
    }
  },
);

test.each(surface.filter(({ byCookie }) => !byCookie))(
  '$route gives nobody more for a cookie',
  async ({ route, ask }) => {
    expect(routes[route]?.byCookie).toBeUndefined();
    const answers = await Promise.all(
      [{}, headers.pupil].map(async (more) => {
        const response = await knock(ask, more);
        return [response.status, await response.text()];
      }),
    );
    expect(answers[1]).toEqual(answers[0]);
  },
);

test('every endpoint better-auth has stands in the table as open or shut, and no line is left over', () => {
  expect(endpoints.length).toBeGreaterThan(25);
  expect(endpoints).toContain('POST /sign-up/email');
  const ours = ['POST /sign-in/username'];
  expect([...new Set([...endpoints, ...ours])].sort()).toEqual(Object.keys(authSurface).sort());
});

test.each(Object.entries(authSurface))('%s of better-auth is %s', async (endpoint, state) => {
  const [method, template = ''] = endpoint.split(' ');
  const at = `/api/auth${template.replace(':id', 'google').replace(/:\w+/, 'x'.repeat(24))}`;
  for (const knocker of ['nobody', 'pupil'] as const) {
    const response = await fetch(`${url}${at}`, {
      method,
      headers: { 'content-type': 'application/json', origin: url, ...headers[knocker] },
      redirect: 'manual',
      ...(method === 'GET' ? {} : { body: '{}' }),
    });
    const said = await response.text();
    expect([knocker, said.includes(`There is nothing at ${at}`)]).toEqual([knocker, state === 'shut']);
    if (state === 'shut') expect(response.status).toBe(404);
  }
});
