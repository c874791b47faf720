import { call } from '@orpc/server';
import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UsageLimits } from '@raptscallions/zod-schemas/usage.zod';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { enterTenant } from '../../db/enter_tenant';
import { runSql } from '../../db/run_sql';
import { stored, storedId } from '../../db/stored_id';
import type { RequestContext } from '../../procedures/context';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';
import { untilServed } from '../../test/until_served';
import { performRunTask } from '../runs/runs.event';
import { holdCounters } from './counting_sql';
import { releaseUsage, reserveUsage } from './services/reserve_usage.service';
import { settleUsage, sweepUsage } from './services/settle_usage.service';

let runs: Awaited<ReturnType<typeof buildRuns>>;
let admin: RequestContext;
beforeAll(async () => {
  runs = await buildRuns({ workers: 2, concurrency: 120, shares: { perClass: 500, perUser: 500 } });
  const { school, built } = runs;
  admin = built.as(await school.addPerson('group_admin'), school.tenantId);
});
afterAll(() => runs.close());

const settles = { timeout: 20_000, interval: 30 };
const none: UsageLimits = {
  callsPerMinute: null,
  callsPerHour: null,
  tokensPerDay: null,
  monthlyBudgetMicros: null,
};

async function limit(groupId: GroupId, limits: Partial<UsageLimits>, enabledModels: string[] | null = null) {
  const input = { groupId, limits: { ...none, ...limits }, enabledModels };
  await call(userAppRouter.usage.setLimits, input, { context: admin });
}
const setPrice = (model: string, promptMicros: number, completionMicros: number) =>
  call(
    userAppRouter.usage.setPrice,
    { groupId: runs.school.district, model, promptMicros, completionMicros },
    { context: admin },
  );
async function used(groupId: GroupId) {
  const { items } = await call(userAppRouter.usage.limits, { groupId }, { context: admin });
  return items.at(-1)?.used;
}
const events = () =>
  runSql<{ payload: { period: string; used: number; limit: number } }>(
    runs.built.app.systemDb,
    `select event_data->'v' as payload from tbus.events where event_name = 'usage.near_limit' order by pos`,
  );
const entriesOf = (runId: `run-${string}`) =>
  runs.built.app.systemDb.usageEntries
    .where(stored({ tenantId: runs.school.tenantId, runId }))
    .order({ attempt: 'ASC' });

beforeEach(forget);

/** Each rule begins with an empty ledger; nothing is under way. */
async function forget(): Promise<void> {
  const { systemDb } = runs.built.app;
  const tenant = stored({ tenantId: runs.school.tenantId });
  await systemDb.usageEntries.where(tenant).delete();
  await systemDb.usageCounters.where(tenant).delete();
  await limit(runs.school.district, {});
  await limit(runs.school.school, {});
  await runSql(systemDb, `delete from tbus.events`);
}

/**
 * A rule about limits, seen within one hour. Where that turned meanwhile (and with it, perhaps, a day or a month),
 * what had been used is forgotten, so it is looked at once more.
 */
function testInOneHour(title: string, look: () => Promise<void>, timeoutMs?: number): void {
  const hourNow = () => Math.floor(Date.now() / 3_600_000);
  test(
    title,
    async () => {
      const hour = hourNow();
      try {
        await look();
      } catch (error) {
        if (hourNow() === hour) throw error;
        await forget();
        await look();
      }
    },
    timeoutMs,
  );
}

async function ask(chat: Awaited<ReturnType<typeof runs.openChat>>, text = 'why are leaves green') {
  const { runId } = await chat.say(text);
  await vi.waitFor(
    async () => expect((await chat.run(runId)).status).not.toMatch(/pending|processing/),
    settles,
  );
  return { runId, run: await chat.run(runId) };
}

test('a limit that is set while a run is given back does not count what the run had reserved', async () => {
  const { school, built } = runs;
  const { tenantId } = school;
  const { db, systemDb } = built.app;
  await limit(school.school, { tokensPerDay: 1_000_000 });
  const chat = await runs.openChat();
  const { userId, classId, toolVersionId, chatSessionId } = await chat.session();
  // A run no worker takes.
  await systemDb.chatSessions.where(stored({ chatSessionId })).update({ status: 'paused' });
  const runId = newId('run');
  await systemDb.runs.create({ tenantId, runId, userId, classId, toolVersionId, chatSessionId });
  const attempt = { tenantId, runId, attempt: 1 };
  await enterTenant(db, tenantId, async () => {
    await holdCounters(db, tenantId, 'many');
    const most = { promptTokens: 1_000, completionTokens: 1_000 };
    await reserveUsage(db, { ...attempt, ...most, provider: 'gateway', model: 'echo' });
  });
  expect((await used(school.school))?.day).toBe(2_000);
  let tell = () => {};
  const isGiven = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const giving = enterTenant(db, tenantId, async () => {
    await releaseUsage(db, attempt);
    tell();
    await vi.waitFor(async () => {
      const held = `select from pg_locks where not granted and pid in (
        select pid from pg_stat_activity where datname = current_database())`;
      expect(await runSql(systemDb, held)).not.toEqual([]);
    }, settles);
  });
  await isGiven;
  await Promise.all([giving, limit(school.school, { tokensPerDay: 2_000_000 })]);
  expect((await used(school.school))?.day).toBe(0);
});

test('a call is in the ledger with who, where and what it cost, in whole micros rounded up', async () => {
  await setPrice('priced', 2_500_000, 10_000_000);
  const chat = await runs.openChat('priced');
  runs.stub.script({ kind: 'ok', text: 'Green.', usage: { promptTokens: 7, completionTokens: 3 } });
  const { runId, run } = await ask(chat);
  expect(run.status).toBe('completed');
  const [entry] = await entriesOf(runId);
  const session = await chat.session();
  expect(entry).toMatchObject({
    userId: session.userId,
    classId: session.classId,
    groupId: runs.school.school,
    toolId: session.toolId,
    assignmentId: session.assignmentId,
    model: 'priced',
    promptTokens: 7,
    completionTokens: 3,
    // 7 × 2.5 + 3 × 10 = 47.5
    costMicros: '48',
  });
  expect(entry?.settledAt).not.toBeNull();
});

describe('a limit', () => {
  testInOneHour(
    'refuses the call that would go beyond it, with whose it is and when it opens again',
    async () => {
      await limit(runs.school.school, { callsPerHour: 2 });
      const chat = await runs.openChat();
      expect((await ask(chat)).run.status).toBe('completed');
      expect((await ask(chat)).run.status).toBe('completed');
      const { run, runId } = await ask(chat);
      expect(run).toMatchObject({ status: 'failed', errorCode: 'limit_met' });
      expect(run.errorMessage).toMatch(/^School has asked the AI .* Please try again at \d\d:00\.$/);
      expect(await entriesOf(runId)).toEqual([]);
      expect((await used(runs.school.school))?.hour).toBe(2);
    },
  );

  testInOneHour(
    'of a group above holds for all below it, and one of another group for nobody here',
    async () => {
      const chat = await runs.openChat();
      const { tenantId, district: parentGroupId } = runs.school;
      const [groupId, name] = [newId('group'), 'Another'];
      const beside = { tenantId, groupId, parentGroupId, name, kind: 'school', path: 'a.c' } as const;
      await runs.built.app.systemDb.groups.create(beside);
      await limit(groupId, { callsPerHour: 1 });
      expect((await ask(chat)).run.status).toBe('completed');
      await limit(runs.school.district, { callsPerHour: 2 });
      expect((await ask(chat)).run.status).toBe('completed');
      expect((await ask(chat)).run.errorMessage).toMatch(/^District has asked the AI as often/);
    },
  );

  testInOneHour(
    'that is set in the middle of a month counts from its beginning, calls under way included',
    async () => {
      await setPrice('*', 1_000_000, 1_000_000);
      const chat = await runs.openChat();
      runs.stub.script({ kind: 'ok', text: 'a', usage: { promptTokens: 60, completionTokens: 40 } });
      await ask(chat);
      const hanging = await runs.openChat('stub-hang');
      const { runId } = await hanging.say('hello');
      await vi.waitFor(async () => expect(await entriesOf(runId)).toHaveLength(1), settles);
      const [open] = await entriesOf(runId);
      await limit(runs.school.school, { monthlyBudgetMicros: 1_000_000 });
      expect((await used(runs.school.school))?.month).toBe(100 + Number(open?.reservedMicros));
      await call(userAppRouter.chat.stop, { runId }, { context: hanging.context });
      await vi.waitFor(async () => expect((await hanging.run(runId)).status).toBe('cancelled'), settles);
      // The gateway sent nothing, so nothing is paid.
      expect((await used(runs.school.school))?.month).toBe(100);
    },
  );

  test('leaves the answer no longer than was reserved for it', async () => {
    await limit(runs.school.school, { tokensPerDay: 100_000 });
    const chat = await runs.openChat();
    await ask(chat);
    expect(runs.stub.requests.at(-1)?.body).toMatchObject({ max_tokens: 2_000 });
  });
});

describe('settlement', () => {
  testInOneHour('of a failed call releases what was reserved', async () => {
    await limit(runs.school.school, { tokensPerDay: 100_000 });
    const chat = await runs.openChat('stub-401');
    expect((await ask(chat)).run.status).toBe('failed');
    expect((await used(runs.school.school))?.day).toBe(0);
  });

  testInOneHour(
    'of an attempt whose worker died counts what was sent and what came, once, and the next counts anew',
    async () => {
      await limit(runs.school.school, { tokensPerDay: 100_000, callsPerHour: 100 });
      const chat = await runs.openChat('stub-hang');
      const { runId } = await chat.say('why are leaves green');
      await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('processing'), settles);
      const { tenantId } = runs.school;
      const { systemDb } = runs.built.app;
      const ids = stored({ tenantId, runId });
      await vi.waitFor(async () => expect(await systemDb.runPrompts.where(ids)).toHaveLength(1), settles);
      await systemDb.runChunks.create({ tenantId, runId, attempt: 1, seq: 0, text: 'a part of it' });
      runs.stub.script({ kind: 'ok', text: 'Here.', usage: { promptTokens: 20, completionTokens: 5 } });
      await systemDb.runLeases.where(ids).update({ attempt: 7, leaseUntil: Date.now() - 1 });
      await systemDb.runs.where(ids).update({ attempt: 7 });
      await runs.built.app.enqueue(performRunTask, { tenantId, runId });
      await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
      const [lost, last] = await entriesOf(runId);
      expect(lost).toMatchObject({ attempt: 1, completionTokens: 4 });
      expect(lost?.promptTokens).toBeGreaterThan(10);
      expect(lost?.settledAt).not.toBeNull();
      expect(last).toMatchObject({ attempt: 8, promptTokens: 20, completionTokens: 5 });
      const total = (lost?.promptTokens ?? 0) + 4 + 25;
      expect(await used(runs.school.school)).toMatchObject({ day: total, hour: 2 });
      // The worker that was taken for dead comes back with its count.
      await enterTenant(runs.built.app.db, tenantId, () =>
        settleUsage(
          runs.built.app.db,
          { tenantId, runId, attempt: 1 },
          { model: null, promptTokens: 900, completionTokens: 900 },
        ),
      );
      expect((await used(runs.school.school))?.day).toBe(total);
    },
  );

  test('comes with the sweep for what nobody ended', async () => {
    await limit(runs.school.school, { tokensPerDay: 100_000 });
    const chat = await runs.openChat('stub-hang');
    const { runId } = await chat.say('hello');
    await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('processing'), settles);
    const { systemDb, db } = runs.built.app;
    const ids = stored({ tenantId: runs.school.tenantId, runId });
    await systemDb.runLeases.where(ids).delete();
    await systemDb.runs.where(ids).update({ status: 'cancelled' });
    await systemDb.usageEntries.where(ids).update({ createdAt: Date.now() - 61_000 });
    expect(await sweepUsage(systemDb, db)).toBe(1);
    expect(await sweepUsage(systemDb, db)).toBe(0);
    expect((await entriesOf(runId))[0]?.settledAt).not.toBeNull();
  });
});

testInOneHour(
  'with two hundred calls at once in two workers a budget is not overrun, and what is left would not pay for one more',
  async () => {
    await setPrice('*', 1_000_000, 1_000_000);
    const many = await runs.openClass(200);
    // Every call reserves its prompt and 2,000 tokens of answer, and really uses about a tenth of that.
    const budget = 30_000;
    await limit(runs.school.school, { monthlyBudgetMicros: budget });
    let highest = 0;
    let watching = true;
    const seen = () => untilServed(() => used(runs.school.school));
    const watch = (async () => {
      while (watching) highest = Math.max(highest, (await seen())?.month ?? 0);
    })();
    const states = async (errorCode: string | null) =>
      await runs.built.app.systemDb.runs
        .where({ ...stored({ tenantId: runs.school.tenantId, classId: many.classId }), errorCode })
        .count();
    // Answers that came while others still ask would leave room for all of them: on a busy machine nobody was refused.
    runs.stub.hold(vi.waitFor(async () => expect(await states('limit_met')).toBeGreaterThan(0), settles));
    await Promise.all(many.chats.map((chat) => chat.say('me too')));
    await vi.waitFor(async () => expect(await many.open()).toBe(0), { timeout: 60_000, interval: 100 });
    watching = false;
    await watch;
    const { systemDb } = runs.built.app;
    const [sum] = await runSql<{ cost: number; open: number; largest: number }>(
      systemDb,
      `select sum(cost_micros)::float8 as cost, count(*) filter (where settled_at is null)::int as open,
       max(reserved_micros)::float8 as largest from usage_entries where tenant_id = $1`,
      [storedId(runs.school.tenantId)],
    );
    expect(await states(null)).toBeGreaterThan(5);
    expect(await states('limit_met')).toBe(200 - (await states(null)));
    expect(sum?.open).toBe(0);
    expect(sum?.cost).toBeLessThanOrEqual(budget);
    expect(highest).toBeLessThanOrEqual(budget);
    expect((await seen())?.month).toBe(sum?.cost);
  },
  // Longer than it waits for two hundred answers, or their number would never be told.
  90_000,
);

testInOneHour(
  'calls that use more than was reserved overrun a budget by no more than the error of the last one',
  async () => {
    await setPrice('*', 1_000_000, 1_000_000);
    const budget = 10_500;
    await limit(runs.school.school, { monthlyBudgetMicros: budget });
    const chat = await runs.openChat();
    let reserved = 0;
    for (const _ of [1, 2, 3]) {
      // Far beyond what the prompt and the longest answer come to.
      runs.stub.script({ kind: 'ok', text: 'a', usage: { promptTokens: 3_000, completionTokens: 1_000 } });
      const { run, runId } = await ask(chat);
      expect(run.status).toBe('completed');
      reserved = Number((await entriesOf(runId))[0]?.reservedMicros);
    }
    expect((await ask(chat)).run.errorCode).toBe('limit_met');
    const total = (await used(runs.school.school))?.month ?? 0;
    expect(total).toBe(12_000);
    expect(total - budget).toBeLessThanOrEqual(4_000 - reserved);
  },
);

testInOneHour(
  'nine tenths of a budget are announced once in its month, and a limit that is met before that too',
  async () => {
    await setPrice('*', 1_000_000, 1_000_000);
    await limit(runs.school.school, { monthlyBudgetMicros: 10_000, tokensPerDay: 1_000_000 });
    const chat = await runs.openChat();
    const spend = async (promptTokens: number) => {
      runs.stub.script({ kind: 'ok', text: 'a', usage: { promptTokens, completionTokens: 0 } });
      await ask(chat);
    };
    await spend(7_000);
    expect(await events()).toEqual([]);
    await spend(2_000);
    const [event] = await events();
    expect(event?.payload).toMatchObject({
      __type: 'usage.near_limit',
      entityId: runs.school.school,
      period: 'month',
      used: 9_000,
      limit: 10_000,
    });
    expect((await ask(chat)).run.errorCode).toBe('limit_met');
    expect(await events()).toHaveLength(1);
    await limit(runs.school.school, {});
    await limit(runs.school.district, { tokensPerDay: 100 });
    expect((await ask(chat)).run.errorMessage).toMatch(/^District .* today.* tomorrow, \w+ \d+ \w+\.$/);
    expect((await events()).map(({ payload }) => payload.period)).toEqual(['month', 'day']);
  },
);

describe('models', () => {
  test('that a group above does not allow are refused, with a sentence', async () => {
    await limit(runs.school.district, {}, ['good/*', 'echo']);
    await limit(runs.school.school, {}, ['good/small', 'other']);
    const allowed = await runs.openChat('good/small');
    expect((await ask(allowed)).run.status).toBe('completed');
    for (const model of ['other', 'good/large']) {
      const chat = await runs.openChat(model);
      const { run } = await ask(chat);
      expect(run).toMatchObject({ status: 'failed', errorCode: 'model_not_allowed' });
      expect(run.errorMessage).toMatch(/not one your school allows/);
    }
  });

  test('of the group stand in for the installation’s own where a tool names none', async () => {
    await limit(runs.school.school, {}, ['good/small', 'other']);
    const chat = await runs.openChat();
    expect((await ask(chat)).run).toMatchObject({ status: 'completed', model: 'good/small' });
  });
});

test('a report adds up, page by page, and shows every day of its span', async () => {
  await setPrice('*', 1_000_000, 1_000_000);
  const groupId = runs.school.district;
  const chats = [await runs.openChat(), await runs.openChat(), await runs.openChat()];
  for (const [at, chat] of chats.entries()) {
    runs.stub.script({ kind: 'ok', text: 'a', usage: { promptTokens: 10 * (at + 1), completionTokens: 1 } });
    await ask(chat);
  }
  const overview = await call(userAppRouter.usage.overview, { groupId, days: 7 }, { context: admin });
  expect(overview.days).toHaveLength(7);
  expect(overview).toMatchObject({
    calls: 3,
    people: 3,
    promptTokens: 60,
    completionTokens: 3,
    costMicros: 63,
  });
  expect(overview.days.at(-1)).toMatchObject({ calls: 3, tokens: 63, costMicros: 63 });
  for (const by of ['class', 'tool', 'person', 'assignment', 'model', 'group'] as const) {
    const costs: number[] = [];
    let page = await call(
      userAppRouter.usage.breakdown,
      { groupId, days: 7, by, limit: 2 },
      { context: admin },
    );
    for (;;) {
      costs.push(...page.items.map(({ costMicros }) => costMicros));
      expect(page.items.every(({ name }) => name !== null)).toBe(true);
      if (page.cursor === null) break;
      page = await call(userAppRouter.usage.breakdown, { cursor: page.cursor }, { context: admin });
    }
    expect(costs).toEqual(by === 'model' || by === 'group' ? [63] : [31, 21, 11]);
  }
});
