import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
});
afterAll(() => built.close());

test('what is changed on an assignment while it is taken back stands when it is given again', async () => {
  const teacher = await school.addPerson('teacher');
  const classId = await school.addClass(teacher, []);
  const tool = await school.addTool(teacher);
  const context = built.as(teacher, school.tenantId);
  const assignmentId = newId('assignment');
  const { assignments } = userAppRouter;
  await call(assignments.create, { assignmentId, classId, ...tool, title: 'before' }, { context });
  await call(assignments.remove, { assignmentId, removed: true }, { context });
  // Made on a device that had not heard of it; it is not refused, so it must not be lost either.
  await call(assignments.update, { assignmentId, title: 'after' }, { context });
  await call(assignments.remove, { assignmentId, removed: false }, { context });
  const found = await built.app.systemDb.assignments.findBy(
    stored({ tenantId: school.tenantId, assignmentId }),
  );
  expect(found.title).toBe('after');
});
