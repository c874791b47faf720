import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { userAppRouter } from '../../routers/user_app.router';
import { buildSchool } from '../../test/build_app';
import { buildCommands } from '../../test/build_commands';
import { limitProgram } from './services/run_limit_commands.service';

let built: Awaited<ReturnType<typeof buildCommands>>;
let school: (typeof built)['school'];
let admin: UserId;
beforeAll(async () => {
  built = await buildCommands(limitProgram);
  ({ school } = built);
  admin = await school.addPerson('group_admin');
});
afterAll(() => built.close());

const run = (command: string, flags: Record<string, string> = {}) =>
  built.run(command, { group: school.school, ...flags });
async function seenOnPage() {
  const context = built.as(admin, school.tenantId);
  const { items } = await call(userAppRouter.usage.limits, { groupId: school.school }, { context });
  return items.at(-1);
}

test('what is set is what the Usage page shows; what is not named stays, and clear takes all away', async () => {
  await run('set', { callsPerMinute: '20', dollarsPerMonth: '12.50', models: 'gpt-small, open/*' });
  const shown = await run('set', { callsPerMinute: 'none', tokensPerDay: '50000' });
  expect(await seenOnPage()).toMatchObject({
    limits: {
      callsPerMinute: null,
      callsPerHour: null,
      tokensPerDay: 50_000,
      monthlyBudgetMicros: 12_500_000,
    },
    enabledModels: ['gpt-small', 'open/*'],
  });
  expect(shown).toMatchObject({
    groups: [
      { name: 'District', dollarsPerMonth: null, models: null },
      { groupId: school.school, tokensPerDay: 50_000, dollarsPerMonth: 12.5, used: { day: 0, minute: null } },
    ],
  });
  expect(await run('show')).toEqual(shown);
  await run('clear');
  const none = { callsPerMinute: null, callsPerHour: null, tokensPerDay: null, monthlyBudgetMicros: null };
  expect(await seenOnPage()).toMatchObject({ limits: none, enabledModels: null });
  const entries = await built.audited();
  expect(entries.map(({ action, details }) => [action, details])).toEqual(
    [1, 2, 3].map(() => ['usage.setLimits', { groupId: school.school, by: 'command_line' }]),
  );
});

test('wrong amounts, nothing to set and groups of other schools are refused in words', async () => {
  await expect(run('set')).rejects.toThrow('Say what to set.');
  await expect(run('set', { callsPerHour: '0' })).rejects.toThrow(/^--calls-per-hour: /);
  await expect(run('set', { tokensPerDay: 'many' })).rejects.toThrow(
    '--tokens-per-day: Write a whole number above 0, or none.',
  );
  await expect(run('set', { dollarsPerMonth: '$5' })).rejects.toThrow(
    '--dollars-per-month: Write an amount such as 25 or 12.50, or none.',
  );
  await expect(run('set', { models: ' , ' })).rejects.toThrow('--models: Name a model, or none.');
  const other = await buildSchool(built.app.systemDb);
  for (const command of ['show', 'clear'])
    await expect(run(command, { group: other.school })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('prices and the clock are the whole school’s, and what was used is told by day or by whatever it went to', async () => {
  const { run } = built;
  await run('set-price', { model: 'gpt-small', promptDollars: '0.15', completionDollars: '0.60' });
  const priced = { model: 'gpt-small', promptDollars: 0.15, completionDollars: 0.6 };
  expect(await run('prices')).toEqual({ prices: [priced], unpriced: [] });
  expect(await run('remove-price', { model: 'gpt-small' })).toEqual({ prices: [], unpriced: [] });
  await run('time-zone', { zone: 'Europe/Berlin' });
  expect(await run('show', { group: school.school })).toMatchObject({ timeZone: 'Europe/Berlin' });
  await expect(run('time-zone', { zone: 'Mars/Olympus' })).rejects.toThrow('is no time zone');
  await expect(
    run('set-price', { model: 'x', promptDollars: 'much', completionDollars: '1' }),
  ).rejects.toThrow('--prompt-dollars: Write an amount');
  const actions = (await built.audited()).map(({ action }) => action);
  expect(actions.slice(-3)).toEqual(['usage.setPrice', 'usage.removePrice', 'usage.setTimeZone']);

  const [userId, now] = [await school.addPerson('student'), Date.now()];
  await built.app.systemDb.usageEntries.create({
    tenantId: school.tenantId,
    runId: newId('run'),
    attempt: 1,
    toolId: newId('tool'),
    toolVersionId: newId('toolversion'),
    reservedTokens: 0,
    reservedMicros: '0',
    counted: [],
    userId,
    groupId: school.school,
    provider: 'gateway',
    model: 'gpt-small',
    promptTokens: 200,
    completionTokens: 100,
    costMicros: '1500000',
    settledAt: now,
  });
  expect(await run('report', { group: school.district, days: '2' })).toMatchObject({
    calls: 1,
    dollars: 1.5,
    days: [{ calls: 0 }, { calls: 1, tokens: 300, dollars: 1.5 }],
  });
  const table = await run('report', { group: school.district, by: 'model', format: 'csv' });
  expect(table).toBe('\ufeffname,calls,promptTokens,completionTokens,dollars\r\ngpt-small,1,200,100,1.5\r\n');
});
