import { randomUUID } from 'node:crypto';
import { idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSystemPool } from '../../db/create_system_pool';
import { enterTenant } from '../../db/enter_tenant';
import { stored } from '../../db/stored_id';
import { buildRuns } from '../../test/build_runs';
import { RunPicker } from './run_picker';
import { beginAttempt } from './services/begin_attempt.service';

// Without a worker: each test says who picks and who claims, and when.

let runs: Awaited<ReturnType<typeof buildRuns>>;
let pool: pg.Pool;
let picker: RunPicker;
beforeAll(async () => {
  runs = await buildRuns();
  for (const worker of runs.workers.splice(0)) await worker.stop();
  pool = createSystemPool(runs.built.url, 'test-picker', 2);
  picker = new RunPicker(pool, { perClass: 100, perUser: 100 });
});
afterAll(async () => {
  await pool.end();
  await runs.close();
});

const pick = () => picker.pick(idFromUuid('task', randomUUID()));
const begin = (picked: NonNullable<Awaited<ReturnType<typeof pick>>>) =>
  enterTenant(runs.built.app.db, runs.school.tenantId, () => beginAttempt(runs.built.app.db, picked));
const keyOf = (runId: RichId<'run'>) => stored({ tenantId: runs.school.tenantId, runId });

test('whoever pauses between pick and claim has lost the run, and what is claimed once is not set back', async () => {
  const chat = await runs.openChat();
  const { runId } = await chat.say('hello');
  const paused = await pick();
  // Its lease has run out before it was claimed.
  const { systemDb } = runs.built.app;
  await systemDb.runLeases.where(keyOf(runId)).update({ leaseUntil: Date.now() - 1 });
  const next = await pick();
  expect([paused?.runId, next?.runId]).toEqual([runId, runId]);
  if (!paused || !next) throw new Error('both have it');
  expect(next.attempt).toBeGreaterThan(paused.attempt);
  expect(await begin(paused)).toBeUndefined();
  expect(await begin(next)).toBeDefined();
  expect(await begin(paused)).toBeUndefined();
  expect((await chat.run(runId)).attempt).toBe(next.attempt);
  await systemDb.runs.where(keyOf(runId)).update({ status: 'cancelled' });
});

test('of runs that are leased together each has a moment of its own, in the order in which they came', async () => {
  const { chats } = await runs.openClass(12);
  const asked: RichId<'run'>[] = [];
  for (const chat of chats) asked.push((await chat.say('me too')).runId);
  await Promise.all(asked.map(pick));
  const { rows } = await pool.query<{ run_id: string; created_at: string }>(
    'select run_id, created_at::text from run_leases where run_id = any ($1::uuid[]) order by created_at',
    [asked.map((runId) => keyOf(runId).runId)],
  );
  expect(new Set(rows.map(({ created_at }) => created_at)).size).toBe(asked.length);
  expect(rows.map(({ run_id }) => idFromUuid('run', run_id))).toEqual(asked);
});
