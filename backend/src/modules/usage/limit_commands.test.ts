import { call } from '@orpc/server';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storedId } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { runCommand } from '../../test/run_command';
import { limitProgram } from './services/run_limit_commands.service';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
let admin: UserId;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
  admin = await school.addPerson('group_admin');
});
afterAll(() => built.close());

function run(command: string, flags: Record<string, string> = {}): Promise<object> {
  const where = { tenantId: school.tenantId, group: school.school };
  return runCommand(limitProgram, command, built.app, { ...where, ...flags });
}
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
  const entries = await built.app.systemDb.auditEntries.where({ tenantId: storedId(school.tenantId) });
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
