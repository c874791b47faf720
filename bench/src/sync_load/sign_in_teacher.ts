import { randomBytes } from 'node:crypto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { ConfigZod } from '../../../backend/src/configs/config';
import type { Db } from '../../../backend/src/db/db';
import { createLogger } from '../../../backend/src/lib/logger';
import { createAuth } from '../../../backend/src/modules/auth/auth';
import { hashPassword } from '../../../backend/src/modules/auth/password';

const password = 'a long password';
const email = 'teacher@bench.example';

/** Signs a person of the database in: the cookie, and the secret the server checks it with. */
export async function signInTeacher(
  db: Db,
  databaseUrl: string,
  { tenantId, userId }: { tenantId: TenantId; userId: UserId },
): Promise<{ cookie: string; secret: string }> {
  const account = { id: newId('account'), userId, accountId: userId, providerId: 'credential' };
  await db.authUsers.create({ id: userId, tenantId, name: 'Teacher', email, emailVerified: true });
  await db.authAccounts.create({ ...account, password: await hashPassword(password) });
  const secret = randomBytes(32).toString('hex');
  const config = ConfigZod.parse({ DATABASE_URL: databaseUrl, BETTER_AUTH_SECRET: secret });
  const auth = createAuth({ db, config, secret, logger: createLogger('silent') });
  const origin = `http://localhost:${config.PORT}`;
  const response = await auth.handler(
    new Request(`${origin}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', host: `localhost:${config.PORT}`, origin },
      body: JSON.stringify({ email, password, deviceContext: 'personal' }),
    }),
  );
  if (!response.ok) throw new Error(`could not sign in: ${await response.text()}`);
  const cookies = response.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
  return { cookie: cookies.join('; '), secret };
}
