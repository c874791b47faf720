import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ConfigZod } from '../configs/config';
import { connectDb, type Db } from '../db/db';
import { demoPassword, demoSignIns } from '../db/seeds/demo_people';
import { storedId } from '../db/stored_id';
import { createLogger } from '../lib/logger';
import { type RunningServer, startServer } from '../server';
import { createTestDatabase } from '../test/database';
import { readFrames, readUntil } from '../test/read_frames';
import { signInToDemo } from '../test/sign_in_to_demo';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let server: RunningServer;
let url: string;
let cookie: string;
let system: Db;
let pages: string;
const logged: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  pages = await mkdtemp(path.join(tmpdir(), 'rapt-pages-'));
  const config = ConfigZod.parse({
    NODE_ENV: 'test',
    RAPT_FRONTEND_DIR: pages,
    DATABASE_URL: database.url,
    PORT: '0',
    BETTER_AUTH_SECRET: 'a secret of the tests, long enough for anybody',
  });
  server = await startServer(
    config,
    createLogger('info', { destination: { write: (line) => logged.push(line) } }),
  );
  url = `http://127.0.0.1:${server.port}`;
  system = connectDb(database.url, 'system', 2);
  cookie = await signInToDemo(url, demoSignIns[0].email);
});
afterAll(async () => {
  await system.$close();
  await server.stop();
  await database.drop();
  await rm(pages, { recursive: true });
});

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', cookie, ...headers },
  });
}
const call = async (path: string, input: unknown) => {
  const response = await post(path, JSON.stringify({ json: input }));
  const { json } = (await response.json()) as { json: { code?: string; message?: string; data?: unknown } };
  return { status: response.status, ...json };
};

test('probes answer without a sign-in', async () => {
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${url}/meta/liveness-probe`)).json()).toEqual({ pong: true });
  const ready = await fetch(`${url}/ready`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ ready: true, database: true });
});

test('the demo school has what every page needs', async () => {
  expect(await system.users.count()).toBeGreaterThanOrEqual(170);
  expect(await system.classes.count()).toBe(6);
  expect(await system.tools.count()).toBe(3);
  expect(await system.chatSessions.count()).toBeGreaterThan(40);
  expect(await (await post('/rpc/signInPage', '{}')).json()).toMatchObject({
    json: { schoolName: 'Fenmoor Schools', demo: { password: demoPassword } },
  });
});

test('whoever is not signed in is told so, at procedures and at the stream', async () => {
  expect((await post('/rpc/me', '{}', { cookie: '' })).status).toBe(401);
  const stream = await post('/rpc/sync/stream', '{"json":{}}', { cookie: '' });
  expect(stream.status).toBe(401);
  expect(await stream.json()).toMatchObject({
    json: { code: 'UNAUTHORIZED', message: expect.stringMatching(/sign in/) },
  });
});

test('a malformed body, an oversized one and one without sense each get their own answer', async () => {
  expect((await post('/rpc/classes/list', '{"json":')).status).toBe(400);
  expect((await post('/rpc/sync/stream', '{"json":')).status).toBe(400);
  expect((await post('/rpc/tools/save', `{"json":{"yaml":"${'x'.repeat(600_000)}"}}`)).status).toBe(413);
  const wrong = await call('/rpc/classes/update', { classId: newId('tool'), name: 'x' });
  expect(wrong.status).toBe(400);
  expect(wrong.message).toContain('classId');
  expect((await post('/rpc/no/such/thing', '{}')).status).toBe(404);
  expect((await fetch(`${url}/rpc/me`, { headers: { cookie } })).status).toBe(400);
  expect((await post('/rpc/me', '{}', { 'content-type': 'text/plain' })).status).toBe(400);
  for (const body of ['', 'null', '[]', '{"json":null,"meta":7}'])
    expect((await post('/rpc/classes/list', body)).status, body).toBe(400);
});

test('a body that is no call is refused without a line in the log, and counted', async () => {
  const before = logged.length;
  const bodies = [
    'null',
    '{"json":1,"meta":7}',
    '{"json":[1],"meta":[[7]]}',
    '{"json":{},"meta":[[1,"WORDS"]]}',
  ];
  for (const [path, body] of ['/rpc/me', '/rpc/signInPage'].flatMap((path) =>
    bodies.map((body) => [path, body] as const),
  )) {
    const answer = await post(path, body, path === '/rpc/me' ? {} : { cookie: '' });
    expect(answer.status, body).toBe(400);
    expect(await answer.json()).toMatchObject({
      json: { code: 'BAD_REQUEST', message: expect.stringMatching(/not a call/) },
    });
    expect(Number(answer.headers.get('x-ratelimit-remaining')), body).toBeGreaterThan(0);
  }
  expect(logged.slice(before).filter((line) => line.includes('"level":50'))).toEqual([]);
});

test('a body nested deeper than any form is refused, and a deep word in quotes is not', async () => {
  const before = logged.length;
  const nested = (depth: number) => `{"json":{"input":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
  for (const depth of [101, 5_000])
    expect(await (await post('/rpc/products/run', nested(depth))).json()).toMatchObject({
      json: { code: 'BAD_REQUEST', message: 'The body is nested too deep.' },
    });
  const quoted = `"\\"${'{['.repeat(200)}\\\\"`;
  expect((await post('/rpc/me', `{"json":{"x":${quoted}}}`)).status).toBe(200);
  expect(logged.slice(before).filter((line) => line.includes('"level":50'))).toEqual([]);
});

test('a procedure is found by one path only', async () => {
  for (const path of [
    '/rpc/sync/pull/',
    '/rpc/sync/./pull',
    '/rpc/sync/%70ull',
    '/rpc//sync/pull',
    '/rpc/me/',
  ]) {
    const status = await new Promise((answered, failed) => {
      const headers = { 'content-type': 'application/json' };
      const sent = request(url, { path, method: 'POST', headers }, (answer) => {
        answered(answer.resume().statusCode);
      });
      sent.once('error', failed).end('{"json":{}}');
    });
    expect(status, path).toBe(404);
  }
});

/** Sends all but the last byte of a body, and waits until the server has answered and hung up. */
function sendUnended(path: string, bytes: number, headers: Record<string, string> = {}): Promise<unknown> {
  return new Promise((ended, failed) => {
    const sent = request(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': bytes, ...headers },
    });
    sent.once('response', (answer) => {
      answer.resume().socket.once('close', () => ended(answer.statusCode));
    });
    sent.once('error', failed);
    // Whoever waits for the end holds all of it.
    sent.write(' '.repeat(bytes - 1));
  });
}

test.each(['sync/pull', 'sync/stream', 'sync/push', 'me', 'tools/save', 'people/merge'])(
  '%s asks who calls before it reads what they send',
  async (name) => {
    expect(await sendUnended(`/rpc/${name}`, 500_000)).toBe(401);
    const forged = { cookie: cookie.replace('=', '=x') };
    expect(await sendUnended(`/rpc/${name}`, 500_000, forged)).toBe(401);
  },
);

test('of whoever need not be signed in little is read, and of a call for no procedure nothing', async () => {
  expect(await sendUnended('/rpc/auth/requestReset', 17_000)).toBe(413);
  expect(await sendUnended('/rpc/no/such/thing', 500_000)).toBe(404);
});

test('a request that fails is in the log with its path, and without what stands behind it', async () => {
  // A hole of three gigabytes: a file that is there and cannot be read.
  await writeFile(path.join(pages, 'broken.js'), '');
  await truncate(path.join(pages, 'broken.js'), 3 * 2 ** 30);
  expect((await fetch(`${url}/broken.js?code=the-code-of-a-sign-in`)).status).toBe(500);
  const lines = logged.join('');
  expect(lines).toContain('/broken.js');
  expect(lines).not.toContain('the-code-of-a-sign-in');
});

test('a thing of another tenant and one that does not exist look alike', async () => {
  const [tenantId, groupId, classId] = [newId('tenant'), newId('group'), newId('class')];
  await system.tenants.create({ tenantId, name: 'Elsewhere' });
  await system.groups.create({ tenantId, groupId, name: 'School', kind: 'school', path: 'x' });
  await system.classes.create({ tenantId, classId, groupId, name: 'Theirs' });
  const foreign = await call('/rpc/classes/update', { classId, name: 'Mine' });
  const missing = await call('/rpc/classes/update', { classId: newId('class'), name: 'Mine' });
  expect(foreign).toEqual(missing);
  expect(foreign.status).toBe(404);
});

test('a write that another site sends with our cookie is refused', async () => {
  const response = await post('/rpc/classes/list', '{"json":{"limit":1}}', {
    origin: 'https://evil.example',
  });
  expect(response.status).toBe(403);
  expect((await post('/rpc/classes/list', '{"json":{"limit":1}}', { origin: url })).status).toBe(200);
});

test('a list comes in pages, and its cursor holds the question', async () => {
  const admin = await signInToDemo(url, 'd.hollis@fenmoor.example');
  const page = async (input: unknown) => {
    const response = await post('/rpc/classes/list', JSON.stringify({ json: input }), { cookie: admin });
    const body = (await response.json()) as { json: { items: { name: string }[]; cursor: string | null } };
    return body.json;
  };
  const first = await page({ limit: 4 });
  const second = await page({ cursor: first.cursor });
  expect(second.cursor).toBeNull();
  const names = [...first.items, ...second.items].map(({ name }) => name);
  expect(names).toHaveLength(6);
  expect(names).toEqual([...names].sort());
});

test('a procedure that answers with a stream sends events', async () => {
  const pupil = await signInToDemo(url, 'theo.lindqvist@alderrow.example');
  const { userId } = await system.users.where({ name: 'Theo Lindqvist' }).take();
  const run = await system.runs.where({ userId: storedId(userId), status: 'completed' }).take();
  const answer = await post('/rpc/runs/watch', JSON.stringify({ json: { runId: run.runId } }), {
    cookie: pupil,
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  expect(await answer.text()).toContain('event: done');
});

const openStream = (as: string) =>
  post(
    '/rpc/sync/stream',
    JSON.stringify({
      json: { syncClientId: newId('device'), streamId: `test-${newId('device')}`, cursor: null, scopes: [] },
    }),
    { cookie: as },
  );

test('a committed change reaches an open stream by itself', async () => {
  const stream = readFrames(await openStream(cookie));
  const [first] = await system.classes.where({ name: '8B Science' });
  if (!first) throw new Error('no class');
  const heard = readUntil(stream, (frame) => JSON.stringify(frame).includes('A new subject'));
  await system.classes.where({ name: '8B Science' }).update({ subject: 'A new subject' });
  expect(await heard).toMatchObject({ kind: 'rows' });
  await stream.return(undefined);
});

test('a pupil who is taken out of a class is told so on the open stream', async () => {
  const pupil = await signInToDemo(url, 'theo.lindqvist@alderrow.example');
  const stream = readFrames(await openStream(pupil));
  // Only what the browser holds can be taken from it.
  await readUntil(stream, (frame) => frame.kind === 'cursor');
  const heard = readUntil(stream, (frame) => frame.kind === 'gone');
  const [theo] = await system.users.where({ name: 'Theo Lindqvist' });
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `delete from class_members where user_id = (select user_id from users where name = $1)`,
    [theo?.name],
  );
  await client.end();
  const gone = await heard;
  expect(JSON.stringify(gone)).toContain('class:');
  await stream.return(undefined);
});

test.each(['pull', 'push', 'digest', 'stream'])(
  'a browser of another version is refused at %s, in a form it reads',
  async (name) => {
    const body = JSON.stringify({
      json: { syncClientId: newId('device'), mutations: [], cursor: '', scopes: [] },
    });
    const response = await post(`/rpc/sync/${name}`, body, { 'x-rapt-sync': '1.00000000' });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      json: {
        code: 'CONFLICT',
        message: expect.stringMatching(/another version/),
        data: { details: { reason: 'other_version' } },
      },
    });
    expect((await post('/rpc/me', '{}', { 'x-rapt-sync': '1.00000000' })).status).toBe(200);
  },
);

test('when PostgreSQL throws everybody out, the server lives and goes on', async () => {
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => {});
  await client.connect();
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await client.end();
  await vi.waitFor(async () => expect((await call('/rpc/classes/list', { limit: 1 })).status).toBe(200), {
    timeout: 10_000,
  });
  const stream = readFrames(await openStream(cookie));
  const heard = readUntil(stream, (frame) => JSON.stringify(frame).includes('After the fall'));
  await vi.waitFor(() => system.classes.where({ name: '8B Science' }).update({ subject: 'After the fall' }), {
    timeout: 10_000,
  });
  await heard;
  await stream.return(undefined);
});
