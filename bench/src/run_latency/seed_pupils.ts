import { randomBytes } from 'node:crypto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { ConfigZod } from '../../../backend/src/configs/config';
import { connectDb } from '../../../backend/src/db/db';
import { migrate } from '../../../backend/src/db/migrate';
import { createLogger } from '../../../backend/src/lib/logger';
import { createAuth } from '../../../backend/src/modules/auth/auth';
import { hashPassword } from '../../../backend/src/modules/auth/password';

const pupilsOfAClass = 25;

/** Classes of 25 pupils who are signed in and have a chat open: their cookies and chats. */
export async function seedPupils(databaseUrl: string, count: number) {
  await migrate(databaseUrl);
  const db = connectDb(databaseUrl, 'system', 4);
  const [tenantId, groupId, teacherId] = [newId('tenant'), newId('group'), newId('user')];
  await db.tenants.create({ tenantId, name: 'Bench' });
  await db.groups.create({ tenantId, groupId, name: 'School', kind: 'school', path: 'a' });
  await db.users.create({ tenantId, userId: teacherId, name: 'Teacher', status: 'active' });
  const [toolId, toolVersionId] = [newId('tool'), newId('toolversion')];
  const tool = { tenantId, toolId, groupId, ownerUserId: teacherId };
  const named = { name: 'Tutor', slug: 'tutor', kind: 'chat' } as const;
  await db.tools.create({ ...tool, ...named, publishedToolVersionId: toolVersionId });
  await db.toolVersions.create({ ...tool, ...named, toolVersionId, version: '1.0.0', status: 'published' });
  const yaml = 'name: Tutor\ntype: chat\nbehavior: Ask first.\n';
  await db.toolSources.create({ ...tool, toolVersionId, yaml });
  const secret = randomBytes(32).toString('hex');
  const config = ConfigZod.parse({ DATABASE_URL: databaseUrl, BETTER_AUTH_SECRET: secret });
  const auth = createAuth({ db, config, secret, logger: createLogger('silent') });
  const password = await hashPassword('a long password');

  async function addPupil(classId: `class-${string}`, assignmentId: `assignment-${string}`, number: number) {
    const userId = newId('user');
    const [name, email] = [`Pupil ${number}`, `pupil${number}@bench.example`];
    await db.users.create({ tenantId, userId, name, status: 'active' });
    const member = { tenantId, classMemberId: newId('classmember'), classId, userId };
    await db.classMembers.create({ ...member, role: 'student' });
    await db.authUsers.create({ id: userId, tenantId, name, email, emailVerified: true });
    await db.authAccounts.create({
      id: newId('account'),
      userId,
      accountId: userId,
      providerId: 'credential',
      password,
    });
    const origin = `http://localhost:${config.PORT}`;
    const response = await auth.handler(
      new Request(`${origin}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', host: `localhost:${config.PORT}`, origin },
        body: JSON.stringify({ email, password: 'a long password', deviceContext: 'personal' }),
      }),
    );
    if (!response.ok) throw new Error(`could not sign in: ${await response.text()}`);
    const cookies = response.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
    const chatSessionId = newId('chat');
    const place = { tenantId, chatSessionId, userId, toolId, toolVersionId, classId, assignmentId };
    await db.chatSessions.create(place);
    return { cookie: cookies.join('; '), chatSessionId };
  }

  const pupils: { cookie: string; chatSessionId: string }[] = [];
  while (pupils.length < count) {
    const [classId, assignmentId] = [newId('class'), newId('assignment')];
    await db.classes.create({ tenantId, classId, groupId, name: `Class ${pupils.length}` });
    await db.assignments.create({ tenantId, assignmentId, classId, toolId, toolVersionId, title: 'Talk' });
    const from = pupils.length;
    const size = Math.min(pupilsOfAClass, count - from);
    pupils.push(
      ...(await Promise.all(
        Array.from({ length: size }, (_, at) => addPupil(classId, assignmentId, from + at)),
      )),
    );
  }
  await db.$close();
  return { pupils, secret };
}
