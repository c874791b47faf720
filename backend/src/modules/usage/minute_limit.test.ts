import { randomUUID } from 'node:crypto';
import { call } from '@orpc/server';
import { idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { runSql } from '../../db/run_sql';
import { stored, storedId } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';
import { performRunTask } from '../runs/runs.event';

let runs: Awaited<ReturnType<typeof buildRuns>>;
beforeAll(async () => {
  runs = await buildRuns({ shares: { perClass: 50, perUser: 50 }, workers: 2, concurrency: 40 });
});
afterAll(() => runs.close());

const settles = { timeout: 20_000, interval: 30 };

async function limitMinute(callsPerMinute: number | null): Promise<void> {
  const { school, built } = runs;
  const limits = { callsPerMinute, callsPerHour: null, tokensPerDay: null, monthlyBudgetMicros: null };
  const context = built.as(await school.addPerson('group_admin'), school.tenantId);
  const input = { groupId: school.school, limits, enabledModels: null };
  await call(userAppRouter.usage.setLimits, input, { context });
}

const tenant = () => storedId(runs.school.tenantId);
/** What was put off the least is due, the rest as much nearer; each that is due gets its turn. */
async function comeDue(): Promise<void> {
  const { systemDb, enqueue } = runs.built.app;
  const due = await runSql<{ run_id: string }>(
    systemDb,
    `with first as (
       select greatest(min(lease_until) - now(), '0 s') as ahead from run_leases
       where tenant_id = $1 and task_id is null
     ), moved as (
       update run_leases set lease_until = lease_until - first.ahead from first
       where tenant_id = $1 and task_id is null returning run_id, lease_until
     ) select run_id from moved where lease_until <= now()`,
    [tenant()],
  );
  for (const { run_id } of due) {
    const runId = idFromUuid('run', run_id);
    await enqueue(performRunTask, { tenantId: runs.school.tenantId, runId });
  }
  runs.workers[0]?.queue.wakeSoon(performRunTask.queue);
}
/** The minute is over as the ledger has it, too. */
async function turnMinute(): Promise<void> {
  const { systemDb } = runs.built.app;
  await runSql(systemDb, `delete from usage_counters where tenant_id = $1 and period = 'minute'`, [tenant()]);
  await comeDue();
}
const leaseOf = (runId: RichId<'run'>) =>
  runs.built.app.systemDb.runLeases.findByOptional(stored({ tenantId: runs.school.tenantId, runId }));

beforeEach(async () => {
  const { systemDb } = runs.built.app;
  await runSql(systemDb, `delete from usage_entries where tenant_id = $1`, [tenant()]);
  await runSql(systemDb, `delete from usage_counters where tenant_id = $1`, [tenant()]);
  await limitMinute(null);
});

/** A chat whose question waits, since others have had the calls of this minute. */
async function askTooEarly() {
  await limitMinute(1);
  const chat = await runs.openChat();
  for (;;) {
    const { runId } = await chat.say('why are leaves green');
    // The first is answered, and more than that only where a real minute has turned.
    await vi.waitFor(async () => expect((await chat.run(runId)).startedAt).not.toBeNull(), settles);
    await vi.waitFor(async () => {
      const { status, notice } = await chat.run(runId);
      expect(status === 'completed' || notice === 'busy').toBe(true);
    }, settles);
    if ((await chat.run(runId)).status === 'pending') return { chat, runId };
  }
}

test('a call that comes too early for a minute waits for the next one, is said to, and costs nothing meanwhile', async () => {
  const { chat, runId } = await askTooEarly();
  expect(await chat.run(runId)).toMatchObject({ status: 'pending', notice: 'busy', errorMessage: null });
  const lease = await leaseOf(runId);
  expect(lease?.taskId).toBeNull();
  expect((lease?.leaseUntil ?? 1) % 60_000).toBe(0);
  const ledger = runs.built.app.systemDb.usageEntries;
  expect(await ledger.where(stored({ tenantId: runs.school.tenantId, runId }))).toEqual([]);
  const [due] = await runSql<{ late: number }>(
    runs.built.app.systemDb,
    `select extract(epoch from max(startafter))::float8 * 1000 - $1::float8 as late from tbus.tasks where state = 0`,
    [lease?.leaseUntil],
  );
  // Its turn comes when the minute is over, and soon then.
  expect(due?.late).toBeGreaterThanOrEqual(0);
  expect(due?.late).toBeLessThan(5_000);
  await turnMinute();
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  expect((await chat.run(runId)).notice).toBeNull();
});

test('it can be stopped while it waits', async () => {
  const { chat, runId } = await askTooEarly();
  await call(userAppRouter.chat.stop, { runId }, { context: chat.context });
  expect(await chat.run(runId)).toMatchObject({ status: 'cancelled', notice: null });
  expect(await leaseOf(runId)).toBeUndefined();
});

test('nobody waits longer than a quarter of an hour: then it is refused, with when it opens again', async () => {
  const { systemDb } = runs.built.app;
  async function comeAgainTooLate() {
    const { chat, runId } = await askTooEarly();
    const ids = stored({ tenantId: runs.school.tenantId, runId });
    await systemDb.runLeases.where(ids).update({ createdAt: Date.now() - 15 * 60_000 });
    // Its turn comes, and the minute is used up again.
    await runSql(systemDb, `update usage_counters set used = 1 where tenant_id = $1 and period = 'minute'`, [
      tenant(),
    ]);
    await comeDue();
    await vi.waitFor(async () => expect((await chat.run(runId)).status).toMatch(/failed|completed/), settles);
    return await chat.run(runId);
  }
  let run = await comeAgainTooLate();
  // Where a real minute has turned between the two, there was room after all.
  while (run.status === 'completed') run = await comeAgainTooLate();
  expect(run).toMatchObject({ status: 'failed', errorCode: 'limit_met' });
  expect(run.errorMessage).toMatch(/^Many people at School .* in (a second|\d+ seconds)\.$/);
});

test('who is so far back that it would be longer is refused at once, and reads when it would be their turn', async () => {
  await limitMinute(1);
  const many = await runs.openClass(19);
  const asked = await Promise.all(many.chats.map(async (chat) => ({ chat, ...(await chat.say('me too')) })));
  const seen = () => Promise.all(asked.map(({ chat, runId }) => chat.run(runId)));
  await vi.waitFor(async () => {
    for (const { status, notice } of await seen())
      expect(status === 'completed' || status === 'failed' || notice === 'busy').toBe(true);
  }, settles);
  const refused = (await seen()).filter(({ status }) => status === 'failed');
  // Of nineteen one is answered and fifteen may wait; a real minute that turns makes room for one more.
  expect(refused.length).toBeGreaterThan(0);
  for (const { errorMessage } of refused) expect(errorMessage).toMatch(/ in (1[5-9]|2\d) minutes\.$/);
  for (const { chat, runId } of asked)
    await call(userAppRouter.chat.stop, { runId }, { context: chat.context });
});

test('a wait outlives the workers, and counts for none of the deaths after which a run is given up', async () => {
  const { chat, runId } = await askTooEarly();
  for (const worker of runs.workers.splice(0)) await worker.stop();
  runs.workers.push(await runs.startWorker());
  const { systemDb } = runs.built.app;
  const ids = stored({ tenantId: runs.school.tenantId, runId });
  // More waits than deaths are allowed: each time the minute is full before its turn comes.
  for (let waits = 1; waits <= 6; waits++) {
    const { attempt } = await chat.run(runId);
    await runSql(
      systemDb,
      `insert into usage_counters (tenant_id, group_id, period, starts_at, used)
       select $1, $2, 'minute', date_trunc('minute', now()) + n * interval '1 minute', 1 from generate_series(0, 1) n
       on conflict (tenant_id, group_id, period, starts_at) do update set used = 1`,
      [tenant(), storedId(runs.school.school)],
    );
    await comeDue();
    await vi.waitFor(async () => {
      const now = await chat.run(runId);
      expect(now.attempt).toBeGreaterThan(attempt);
      expect(now).toMatchObject({ status: 'pending', notice: 'busy' });
    }, settles);
  }
  expect(await leaseOf(runId)).toMatchObject({ takeovers: 0 });
  // Whoever took it up when its turn came, and died before it was claimed, has left it where it was.
  const dead = { taskId: randomUUID(), leaseUntil: Date.now() - 1 };
  await systemDb.runLeases.where(ids).update(dead);
  await runSql(systemDb, `delete from usage_counters where tenant_id = $1`, [tenant()]);
  await runs.built.app.enqueue(performRunTask, { tenantId: runs.school.tenantId, runId });
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  expect(await chat.messages()).toHaveLength((await chat.messages()).at(-1)?.seq ?? 0);
});

test('when the minute turns, a class that asked first does not take all of the next one', async () => {
  await limitMinute(4);
  const many = await runs.openClass(20);
  const asked = runs.stub.requests.length;
  await Promise.all(many.chats.map((chat) => chat.say('me too')));
  const parked = async () =>
    await runs.built.app.systemDb.runLeases
      .where({ ...stored({ tenantId: runs.school.tenantId }), taskId: null })
      .count();
  await vi.waitFor(async () => {
    expect(await many.open()).toBeLessThanOrEqual(16);
    expect(await parked()).toBe(await many.open());
  }, settles);
  const other = await runs.openChat();
  const { runId } = await other.say('only one question');
  await vi.waitFor(async () => expect((await other.run(runId)).startedAt).not.toBeNull(), settles);
  for (let turns = 0; (await other.run(runId)).status !== 'completed'; turns++) {
    // The first of the class come with it, but no more of them.
    expect(turns).toBeLessThan(2);
    const { attempt } = await other.run(runId);
    await turnMinute();
    await vi.waitFor(async () => {
      const now = await other.run(runId);
      expect(now.status === 'completed' || now.attempt > attempt).toBe(true);
      expect(now.status).not.toBe('processing');
    }, settles);
  }
  // Three minutes have had four calls each by now, and perhaps a real one more.
  expect(await many.open()).toBeGreaterThanOrEqual(20 - 4 * 4);
  await vi.waitFor(
    async () => {
      if ((await many.open()) > 0) await turnMinute();
      expect(await many.open()).toBe(0);
    },
    { timeout: 60_000, interval: 300 },
  );
  // Each was asked once, however often it had waited.
  expect(runs.stub.requests.length - asked).toBe(21);
}, 90_000);
