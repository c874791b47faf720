import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCommands } from '../../test/build_commands';
import { runCommand } from '../../test/run_command';
import { peopleProgram } from '../users/services/run_people_commands.service';
import { auditProgram } from './services/run_audit_commands.service';

let built: Awaited<ReturnType<typeof buildCommands>>;
beforeAll(async () => {
  built = await buildCommands(auditProgram);
});
afterAll(() => built.close());

type Line = { action: string; whom: string | null; at: string };

test('the log is searched by person, action and time, page after page, and written as CSV', async () => {
  const { run, school, app } = built;
  const [ann, ben] = [await school.addPerson('student'), await school.addPerson('teacher')];
  const people = (command: string, flags: Record<string, string>) =>
    runCommand(peopleProgram, command, app, { tenantId: school.tenantId, ...flags });
  for (let at = 0; at < 60; at++) {
    for (const command of ['suspend', 'restore']) await people(command, { user: ann });
  }
  await people('username', { user: ben, username: 'ben.b' });

  const found = async (filter: Record<string, string>) => (await run('list', filter)) as Line[];
  expect(await found({})).toHaveLength(121);
  expect((await found({}))[0]).toMatchObject({ action: 'auth.setUsername', what: 'gave a user name' });
  expect(await found({ user: ann })).toHaveLength(120);
  expect(await found({ action: 'auth.setUsername' })).toHaveLength(1);
  expect(await found({ user: ann, action: 'auth.setUsername' })).toEqual([]);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  expect(await found({ from: tomorrow })).toEqual([]);
  expect(await found({ until: tomorrow, user: ben })).toHaveLength(1);
  const csv = String(await run('list', { user: ben, format: 'csv' })).split('\r\n');
  expect(csv[0]).toBe('\ufeffat,who,action,what,whom,details');
  expect(csv[1]).toMatch(/^\d{4}-.*Z,the command line,auth\.setUsername,gave a user name,/);
  await expect(run('list', { action: 'auth.nothing' })).rejects.toThrow('There is no such action');
  await expect(run('list', { from: 'yesterday' })).rejects.toThrow('Write a day such as');
  expect(await run('actions')).toHaveProperty(['privacy.erasePerson']);
});
