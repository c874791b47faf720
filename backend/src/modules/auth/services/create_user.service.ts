import { emailInput, passwordInput } from '@raptscallions/zod-schemas/auth.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import {
  UserContactOptionalZod,
  type UserId,
  UserMandatoryZod,
  userStatus,
} from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';
import type { Db } from '../../../db/db';
import { AppError, databaseFailure } from '../../../lib/app_error';
import { hashPassword } from '../password';

const CreateUserZod = z.object({
  tenantId,
  ...UserMandatoryZod.shape,
  status: userStatus.default('pending_verification'),
  email: emailInput.optional(),
  /** whether we know that the address is the person's; only then may an identity provider be linked by it */
  emailVerified: z.boolean().default(false),
  username: UserContactOptionalZod.shape.username.unwrap().trim().min(1).optional(),
  password: passwordInput.optional(),
});
type CreateUserInput = z.input<typeof CreateUserZod>;

/**
 * Makes a person with what they sign in by: all of it or nothing, inside the open transaction if there is one.
 * @param db of the system role, since sign-in data belongs to the installation
 * @throws AppError CONFLICT when the address or the user name is taken; ZodError for malformed input
 */
export async function createUser(db: Db, input: CreateUserInput): Promise<UserId> {
  const { tenantId, name, status, email, emailVerified, username, password } = CreateUserZod.parse(input);
  const userId = newId('user');
  const hash = password === undefined ? null : await hashPassword(password);
  try {
    await db.$transaction(async () => {
      await db.users.insert({ tenantId, userId, name, status });
      await db.userContacts.insert({ tenantId, userId, email, username });
      await db.authUsers.insert({
        id: userId,
        tenantId,
        name,
        email: email ?? placeholderEmail(userId),
        emailVerified: email !== undefined && emailVerified,
      });
      if (hash === null) return;
      await db.authAccounts.insert({
        id: newId('account'),
        userId,
        accountId: userId,
        providerId: 'credential',
        password: hash,
      });
    });
  } catch (error) {
    throw takenName(error) ?? error;
  }
  return userId;
}

/** better-auth wants an address for everybody; nothing is ever sent to one of these. */
export function placeholderEmail(userId: UserId): string {
  return `${userId.toLowerCase()}@placeholder.invalid`;
}

/** What a unique name that is taken means; undefined for any other failure. */
export function takenName(error: unknown): AppError | undefined {
  const failure = databaseFailure(error);
  if (failure?.code !== '23505') return undefined;
  if (failure.constraint?.includes('username')) return new AppError('CONFLICT', 'This user name is taken.');
  if (failure.constraint?.includes('email')) return new AppError('CONFLICT', 'This e-mail address is taken.');
  return undefined;
}
