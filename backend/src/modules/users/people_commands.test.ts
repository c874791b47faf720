import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stored, storedId } from '../../db/stored_id';
import { buildApp, buildSchool } from '../../test/build_app';
import { runCommand } from '../../test/run_command';
import { peopleProgram } from './services/run_people_command.service';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
});
afterAll(() => built.close());

function run(command: string, flags: Record<string, string>): Promise<object> {
  return runCommand(peopleProgram, command, built.app, { tenantId: school.tenantId, ...flags });
}
async function add(username: string): Promise<UserId> {
  const person = { group: school.school, role: 'student', name: 'Bo', username, password: 'seven whales' };
  const added = (await run('add', person)) as { userId: UserId };
  return added.userId;
}
async function openSession(userId: UserId) {
  const id = newId('authsession');
  const session = { id, userId, token: newId('authsession'), expiresAt: Date.now() + 86_400_000 };
  await built.app.systemDb.authSessions.insert({
    ...session,
    deviceContext: 'personal',
    userAgent: 'A phone',
  });
  return id;
}

test('sessions are listed and ended, one or all, of one school only', async () => {
  const other = await buildSchool(built.app.systemDb);
  const stranger = await other.addPerson('student');
  const bo = await add('bo');
  const [phone, tablet] = [await openSession(bo), await openSession(bo)];
  expect(await run('sessions', { user: bo })).toMatchObject([
    { person: 'Bo', userId: bo, authSessionId: tablet, userAgent: 'A phone' },
    { authSessionId: phone },
  ]);
  expect(await run('sign-out', { user: bo, session: phone })).toEqual({ userId: bo, endedSessions: 1 });
  await openSession(bo);
  expect(await run('sign-out', { user: bo })).toEqual({ userId: bo, endedSessions: 2 });
  expect(await run('sessions', {})).toEqual([]);
  await expect(run('sign-out', { user: stranger })).rejects.toThrow();
});

test('what is changed from the command line is in the audit log, which says that it was done there', async () => {
  const cy = await add('cy');
  await run('role', { user: cy, group: school.district, role: 'teacher' });
  await run('suspend', { user: cy });
  await run('restore', { user: cy });
  await run('username', { user: cy, username: 'Cy.N' });
  await run('password', { user: cy, password: 'eight blue whales' });
  await run('sign-out', { user: cy });
  const person = stored({ tenantId: school.tenantId, userId: cy });
  expect(await built.app.systemDb.userContacts.findBy(person)).toMatchObject({ username: 'cy.n' });
  const entries = await built.app.systemDb.auditEntries
    .where({ subjectUserId: storedId(cy) })
    .order('auditEntryId');
  expect(entries.map(({ action, actorUserId, details }) => [action, actorUserId, details.by])).toEqual(
    [
      'auth.invite',
      'groups.setMember',
      'auth.setStatus',
      'auth.setStatus',
      'auth.setUsername',
      'auth.givePassword',
      'auth.endSignIns',
    ].map((action) => [action, null, 'command_line']),
  );
  expect(JSON.stringify(entries)).not.toMatch(/whales|cy\.n/i);
  const log = (await run('audit', { user: cy })) as { action: string; subject: string }[];
  expect([log.length, log[0]]).toMatchObject([7, { action: 'auth.endSignIns', subject: 'Bo' }]);
});

test('a user name somebody has is refused', async () => {
  await add('dee');
  await expect(add('DEE')).rejects.toThrow('This user name is taken.');
});
