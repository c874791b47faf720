import { randomUUID } from 'node:crypto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { isDatabaseAway } from '../lib/app_error';
import { processFeed } from '../modules/rosters/process_feed';
import { withRosterSource } from '../modules/rosters/with_roster_source';
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

test('a run of a roster gives up connecting where nobody answers, and so does its word of how far it is', async () => {
  const nowhere = { rosterSourceId: newId('rostersource') };
  const open = () => withRosterSource(network.url, newId('tenant'), nowhere, async () => 'opened');
  expect(isDatabaseAway(await afterAMinuteOfSilence(open))).toBe(true);
  const client = createSystemClient(database.url, 'test-silence');
  await client.connect();
  const ids = { tenantUuid: randomUUID(), sourceUuid: randomUUID(), rootGroupUuid: randomUUID() };
  const source = { ...ids, grantsAdmin: false, matchesMasterIds: false, endLimitPercent: 10 };
  const run = { databaseUrl: network.url, rosterRunId: newId('rosterrun'), decision: 'preview' } as const;
  const feed = { files: [], emptyIsOdd: false, readRows: async function* () {} };
  const tell = () => processFeed({ client, source, inTransaction: (work) => work() }, run, feed);
  expect(isDatabaseAway(await afterAMinuteOfSilence(tell))).toBe(true);
  await client.end();
});

test('a listening session gives up a statement whose server has fallen silent', async () => {
  const client = createSystemClient(network.url, 'test-silence');
  await client.connect();
  expect(await afterAMinuteOfSilence(() => client.query('select 2'))).toBeInstanceOf(Error);
  client.end().catch(() => {});
});
