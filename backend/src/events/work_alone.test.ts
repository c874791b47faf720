import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runCronJob } from '../cron';
import { createSystemPool } from '../db/create_system_pool';
import { createTestDatabase } from '../test/database';
import { workAlone } from './work_alone';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
/** of two processes */
let one: Pool;
let other: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  [one, other] = [createSystemPool(database.url, 'one', 2), createSystemPool(database.url, 'other', 2)];
});
afterAll(async () => {
  await one.end();
  await other.end();
  await database.drop();
});

/** Every slot is ours, so that only who is at it keeps a job back. */
const query = async () => ({ rows: [{ name: 'ours' }], rowCount: 1 });
const runIn = (pool: Pool, name: string, run: () => Promise<unknown>) =>
  runCronJob({ name, everySeconds: 10, run }, query, (job, work) => workAlone(pool, job, work));

test('a job that is under way in one process is begun in no other, and again when it has ended or failed', async () => {
  let begun = 0;
  let fail = (_: Error) => {};
  const slow = () =>
    new Promise<void>((_, failed) => {
      begun++;
      fail = failed;
    });
  const first = runIn(one, 'slow', slow).catch((error: unknown) => error);
  await vi.waitFor(() => expect(begun).toBe(1));
  expect(await runIn(other, 'slow', slow)).toBe(false);
  expect(await runIn(one, 'slow', slow)).toBe(false);
  expect(await runIn(other, 'another', async () => {})).toBe(true);
  fail(new Error('no good'));
  expect(await first).toMatchObject({ message: 'no good' });
  await vi.waitFor(async () => expect(await runIn(other, 'slow', async () => {})).toBe(true));
  expect(begun).toBe(1);
});
