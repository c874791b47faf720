import { newId } from '@raptscallions/zod-schemas/rich_id';
import { SyncPageZod } from '@raptscallions/zod-schemas/sync.zod';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { demoSignIns } from '../db/seeds/demo_people';
import { signInToDemo } from '../test/sign_in_to_demo';
import { startTestServer } from '../test/start_test_server';

let server: Awaited<ReturnType<typeof startTestServer>>;
let cookie: string;
beforeAll(async () => {
  // Long for any statement of these tests, also on a busy machine, and short for who waits for them.
  server = await startTestServer({ DATABASE_STATEMENT_TIMEOUT_MS: '2500' });
  cookie = await signInToDemo(server.url, demoSignIns[0].email);
});
afterAll(() => server?.close());

async function post(path: string, input: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${server.url}/rpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ json: input }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** Nobody else gets at a table meanwhile. */
async function whileLocked<T>(table: string, work: () => Promise<T>): Promise<T> {
  const holder = new pg.Client({ connectionString: server.databaseUrl });
  await holder.connect();
  await holder.query(`begin; lock table ${table} in access exclusive mode`);
  try {
    return await work();
  } finally {
    await holder.query('rollback');
    await holder.end();
  }
}

const stopped = {
  status: 503,
  body: { json: { code: 'SERVICE_UNAVAILABLE', data: { details: { reason: 'timeout' } } } },
};

test('whoever asks for a sign-in, or what is new, is told after a while that the database does not come to an end', async () => {
  const device = { syncClientId: newId('device'), cursor: null, scopes: [] };
  const { body } = await post('sync/pull', device);
  const { frames } = z.object({ json: SyncPageZod }).parse(body).json;
  const cursor = frames.flatMap((frame) => (frame.kind === 'cursor' ? frame.cursor : []))[0];
  const scopes = frames.flatMap((frame) => (frame.kind === 'rows' ? frame.scope : []));
  const answers = await whileLocked('sync_entry', () =>
    Promise.all([
      post('sync/pull', { ...device, cursor, scopes: [...new Set(scopes)] }),
      post('sync/digest', { ...device, cursor, scopes: [...new Set(scopes)] }),
    ]),
  );
  for (const answer of answers) expect(answer).toMatchObject(stopped);
  expect(await whileLocked('auth_sessions', () => post('me', undefined))).toMatchObject(stopped);
  expect((await post('me', undefined)).status).toBe(200);
});
