import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigZod } from '../../configs/config';
import { connectDb, type Db } from '../../db/db';
import { demoSignIns } from '../../db/seeds/demo_people';
import { stored, storedIds } from '../../db/stored_id';
import { createLogger } from '../../lib/logger';
import { type RunningServer, startServer } from '../../server';
import { createTestDatabase } from '../../test/database';
import { readFrames, readUntil } from '../../test/read_frames';
import { signInToDemo } from '../../test/sign_in_to_demo';

/** Two servers on one database, as behind a load balancer: they share nothing else. */
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let here: RunningServer;
let there: RunningServer;
let system: Db;

/** Far below the heartbeat of 15 s, which would find the end by asking. */
const atOnceMs = 5_000;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = ConfigZod.parse({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    PORT: '0',
    BETTER_AUTH_SECRET: 'a secret of the tests, long enough for anybody',
  });
  here = await startServer(config, createLogger('silent'));
  there = await startServer(config, createLogger('silent'));
  system = connectDb(database.url, 'system', 2);
});
afterAll(async () => {
  await system.$close();
  await here.stop();
  await there.stop();
  await database.drop();
});

const urlOf = (server: RunningServer) => `http://127.0.0.1:${server.port}`;

function post(server: RunningServer, path: string, body: unknown, cookie = ''): Promise<Response> {
  return fetch(`${urlOf(server)}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: urlOf(server), cookie },
    body: JSON.stringify(body),
  });
}

const signIn = (email: string) => signInToDemo(urlOf(here), email);

/** An open stream that has been caught up. */
async function listen(server: RunningServer, cookie: string) {
  const streamId = `test-${newId('device')}`;
  const input = { syncClientId: newId('device'), streamId, cursor: null, scopes: [] };
  const frames = readFrames(await post(server, '/rpc/sync/stream', { json: input }, cookie));
  await readUntil(frames, ({ kind }) => kind === 'cursor');
  return { streamId, frames, end: () => readUntil(frames, ({ kind }) => kind === 'end') };
}

test('signing out at one server ends the streams of that sign-in at another, and no other sign-in of the person', {
  timeout: atOnceMs * 2,
}, async () => {
  const { email } = demoSignIns[0];
  const [leaving, staying] = [await signIn(email), await signIn(email)];
  const [left, stayed] = [await listen(there, leaving), await listen(there, staying)];
  const begun = performance.now();
  expect((await post(here, '/api/auth/sign-out', {}, leaving)).status).toBe(200);
  expect(await left.end()).toEqual({ kind: 'end', reason: 'signed_out' });
  expect(performance.now() - begun).toBeLessThan(atOnceMs);
  const heard = readUntil(stayed.frames, (frame) => JSON.stringify(frame).includes('Heard after'));
  await system.classes.where({ name: '8B Science' }).update({ subject: 'Heard after' });
  expect(await heard).toMatchObject({ kind: 'rows' });
  await stayed.frames.return(undefined);
});

test('a session that is made to expire ends its stream', { timeout: atOnceMs * 2 }, async () => {
  const { email } = demoSignIns[0];
  const stream = await listen(there, await signIn(email));
  const [contact] = await system.userContacts.where({ email });
  if (!contact) throw new Error('no such person');
  await system.authSessions.where(stored({ userId: contact.userId })).update({ expiresAt: Date.now() - 1 });
  expect(await stream.end()).toEqual({ kind: 'end', reason: 'signed_out' });
});

test('an administrator who signs somebody out ends their streams in every server', {
  timeout: atOnceMs * 2,
}, async () => {
  const email = 'theo.lindqvist@alderrow.example';
  const pupil = await signIn(email);
  const admin = await signIn(demoSignIns[4].email);
  const streams = [await listen(here, pupil), await listen(there, pupil)];
  const [contact] = await system.userContacts.where({ email });
  const ended = await post(there, '/rpc/auth/endSignIns', { json: { userId: contact?.userId } }, admin);
  expect(ended.status).toBe(200);
  for (const stream of streams) expect(await stream.end()).toEqual({ kind: 'end', reason: 'signed_out' });
});

test('a suspension ends the streams of that person in every server', {
  timeout: atOnceMs * 2,
}, async () => {
  const email = 'theo.lindqvist@alderrow.example';
  const cookie = await signIn(email);
  const streams = [await listen(here, cookie), await listen(there, cookie)];
  await system.users.where({ name: 'Theo Lindqvist' }).update({ status: 'suspended' });
  for (const stream of streams) {
    expect(await stream.end()).toMatchObject({ kind: 'end', reason: 'suspended' });
  }
  expect((await post(there, '/rpc/me', { json: {} }, cookie)).status).toBe(401);
});

test('runs that are asked for at one server are carried by the stream at another, for its owner only', {
  timeout: atOnceMs * 2,
}, async () => {
  const [contact] = await system.userContacts.where({ email: demoSignIns[0].email });
  if (!contact) throw new Error('no such person');
  const memberships = await system.classMembers.where({
    ...stored({ userId: contact.userId }),
    role: 'teacher',
  });
  const [run] = await system.runs
    .where({ classId: { in: storedIds(memberships.map(({ classId }) => classId)) } })
    .limit(1);
  if (!run) throw new Error('no run in a class of hers');
  const { tenantId, runId } = run;
  await system.runChunks.create({ tenantId, runId, attempt: 9, seq: 0, text: 'Carried across' });

  const cookie = await signIn(demoSignIns[0].email);
  const stranger = await signIn('amara.nwosu@alderrow.example');
  const stream = await listen(there, cookie);
  const watch = { json: { streamId: stream.streamId, runIds: [runId] } };
  // A stranger who guesses the name of the stream changes nothing about it.
  expect(
    (await post(here, '/rpc/sync/watch', { json: { ...watch.json, runIds: [] } }, stranger)).status,
  ).toBe(200);
  const answer = await post(here, '/rpc/sync/watch', watch, cookie);
  expect(await answer.json()).toMatchObject({ json: { runIds: [runId] } });
  expect(await readUntil(stream.frames, ({ kind }) => kind === 'chunk')).toMatchObject({
    runId,
    text: 'Carried across',
  });
  await stream.frames.return(undefined);
});
