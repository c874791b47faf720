import { newId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { ConfigZod } from './configs/config';
import { demoSignIns } from './db/seeds/demo_people';
import { createLogger } from './lib/logger';
import { startServer } from './server';
import { createTestDatabase } from './test/database';
import { readFrames, readUntil } from './test/read_frames';
import { signInToDemo } from './test/sign_in_to_demo';

const connectTo = (connectionString: string) => new pg.Client({ connectionString });

test('a server that stops takes leave of its streams at once, also while the clock does something long', async () => {
  const database = await createTestDatabase();
  const config = {
    ...{ NODE_ENV: 'test', DATABASE_URL: database.url, PORT: '0' },
    BETTER_AUTH_SECRET: 'a secret of the tests, long enough for anybody',
  };
  const server = await startServer(ConfigZod.parse(config), createLogger('silent'));
  const url = `http://127.0.0.1:${server.port}`;
  const cookie = await signInToDemo(url, demoSignIns[0].email);
  const input = {
    syncClientId: newId('device'),
    streamId: `test-${newId('device')}`,
    cursor: null,
    scopes: [],
  };
  const answer = await fetch(`${url}/rpc/sync/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ json: input }),
  });
  const frames = readFrames(answer);
  await readUntil(frames, ({ kind }) => kind === 'cursor');
  const [holder, observer] = [connectTo(database.url), connectTo(database.url)];
  await Promise.all([holder.connect(), observer.connect()]);
  await holder.query('begin');
  await holder.query('lock table run_leases in access exclusive mode');
  const isWaiting = async () => {
    const { rowCount } = await observer.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
      and query like '%run_leases%'`,
    );
    return rowCount;
  };
  await vi.waitUntil(isWaiting, { timeout: 40_000, interval: 200 });
  const stopped = server.stop();
  expect(await readUntil(frames, ({ kind }) => kind === 'end')).toEqual({ kind: 'end', reason: 'shutdown' });
  await holder.query('rollback');
  await stopped;
  await Promise.all([holder.end(), observer.end()]);
  await database.drop();
}, 90_000);
