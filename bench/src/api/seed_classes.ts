import { randomBytes } from 'node:crypto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { ConfigZod } from '../../../backend/src/configs/config';
import { connectDb } from '../../../backend/src/db/db';
import { migrate } from '../../../backend/src/db/migrate';
import { createLogger } from '../../../backend/src/lib/logger';
import { createAuth } from '../../../backend/src/modules/auth/auth';
import { hashPassword } from '../../../backend/src/modules/auth/password';

/** A teacher in a school with 100 classes, signed in: the cookie, and the secret both servers check it with. */
export async function seedClasses(databaseUrl: string): Promise<{ cookie: string; secret: string }> {
  await migrate(databaseUrl);
  const db = connectDb(databaseUrl, 'system', 2);
  const [tenantId, userId, groupId] = [newId('tenant'), newId('user'), newId('group')];
  const email = 'teacher@bench.example';
  await db.tenants.create({ tenantId, name: 'Bench' });
  await db.users.create({ tenantId, userId, name: 'Teacher', status: 'active' });
  await db.groups.create({ tenantId, groupId, name: 'School', kind: 'school', path: 'a' });
  await db.groupMembers.create({
    tenantId,
    groupMemberId: newId('groupmember'),
    groupId,
    userId,
    role: 'teacher',
  });
  await db.classes.createMany(
    Array.from({ length: 100 }, (_, at) => ({
      tenantId,
      classId: newId('class'),
      groupId,
      name: `Class ${at}`,
      subject: 'Maths',
    })),
  );
  const password = 'a long password';
  await db.authUsers.create({ id: userId, tenantId, name: 'Teacher', email, emailVerified: true });
  await db.authAccounts.create({
    id: newId('account'),
    userId,
    accountId: userId,
    providerId: 'credential',
    password: await hashPassword(password),
  });
  const secret = randomBytes(32).toString('hex');
  const config = ConfigZod.parse({ DATABASE_URL: databaseUrl, BETTER_AUTH_SECRET: secret });
  const auth = createAuth({ db, config, secret, logger: createLogger('silent') });
  const response = await auth.handler(
    new Request(`http://localhost:${config.PORT}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        host: `localhost:${config.PORT}`,
        origin: `http://localhost:${config.PORT}`,
      },
      body: JSON.stringify({ email, password, deviceContext: 'personal' }),
    }),
  );
  if (!response.ok) throw new Error(`could not sign in: ${await response.text()}`);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  await db.$close();
  return { cookie, secret };
}
