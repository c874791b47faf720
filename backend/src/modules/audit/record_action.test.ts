import { call } from '@orpc/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { runCommand } from '../../test/run_command';
import { peopleProgram } from '../users/services/run_people_commands.service';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
});
afterAll(() => built.close());

test('of an invitation the log says who was invited, from a page and from the command line', async () => {
  const admin = await school.addPerson('group_admin');
  const context = built.as(admin, school.tenantId);
  const person = { name: 'Ada', username: 'ada', groupId: school.school, role: 'student' as const };
  const fromPage = await call(userAppRouter.auth.invite, person, { context, path: ['auth', 'invite'] });
  await runCommand(peopleProgram, 'add', built.app, {
    tenantId: school.tenantId,
    name: 'Bee',
    username: 'bee',
    role: 'student',
    group: school.school,
  });
  const invited = await built.app.systemDb.users
    .where(stored({ tenantId: school.tenantId }))
    .where({ name: { in: ['Ada', 'Bee'] } })
    .order('name')
    .pluck('userId');
  expect(invited[0]).toBe(fromPage.userId);
  const entries = await built.app.systemDb.auditEntries
    .where(stored({ tenantId: school.tenantId }))
    .where({ action: 'auth.invite' })
    .order('auditEntryId');
  expect(entries.map(({ subjectUserId }) => subjectUserId)).toEqual(invited);
  // What was typed stays out of it.
  expect(JSON.stringify(entries)).not.toMatch(/Ada|ada|Bee|bee/);
});
