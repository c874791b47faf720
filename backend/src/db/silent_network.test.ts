import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { isDatabaseAway } from '../lib/app_error';
import { createSilentDatabase } from '../test/silent_network';
import { createSystemClient } from './create_system_client';
import { createSystemPool } from './create_system_pool';
import { connectDb } from './db';
import { runSql } from './run_sql';

let database: Awaited<ReturnType<typeof createSilentDatabase>>;
let network: (typeof database)['network'];

beforeAll(async () => {
  database = await createSilentDatabase();
  ({ network } = database);
});
afterAll(() => database.drop());

/** What a promise comes to when a minute passes in which nothing comes over the network. */
async function afterAMinuteOfSilence(begin: () => Promise<unknown>): Promise<unknown> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    network.silence();
    const outcome = begin().then(
      () => 'answered',
      (error: unknown) => error,
    );
    await vi.advanceTimersByTimeAsync(60_000);
    network.mend();
    return await outcome;
  } finally {
    vi.useRealTimers();
  }
}

test('a pool gives up a statement whose server has fallen silent, and goes on with another connection', async () => {
  const pool = createSystemPool(network.url, 'test-silence', 1);
  await pool.query('select 1');
  expect(await afterAMinuteOfSilence(() => pool.query('select 2'))).toBeInstanceOf(Error);
  expect((await pool.query('select 3 as three')).rows).toEqual([{ three: 3 }]);
  await pool.end();
});

test('a pool gives up connecting where nobody answers', async () => {
  const pool = createSystemPool(network.url, 'test-silence', 1);
  expect(await afterAMinuteOfSilence(() => pool.query('select 1'))).toBeInstanceOf(Error);
  expect((await pool.query('select 3 as three')).rows).toEqual([{ three: 3 }]);
  await pool.end();
});

test.each(['app', 'read', 'system'] as const)(
  'what %s asks of a server that has fallen silent fails when it is overdue, and the next one gets another connection',
  async (kind) => {
    const db = connectDb(network.url, kind, 1, 10_000);
    const ask = () => db.$transaction(async () => runSql<{ one: number }>(db, 'select 1 as one'));
    await ask();
    const failure = await afterAMinuteOfSilence(ask);
    expect(isDatabaseAway(failure)).toBe(true);
    expect(await ask()).toEqual([{ one: 1 }]);
    await db.$close();
  },
);

test('a listening session gives up a statement whose server has fallen silent', async () => {
  const client = createSystemClient(network.url, 'test-silence');
  await client.connect();
  expect(await afterAMinuteOfSilence(() => client.query('select 2'))).toBeInstanceOf(Error);
  client.end().catch(() => {});
});
