import { passwordInput } from '@raptscallions/zod-schemas/auth.zod';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { hashPassword } from '../password';
import { endSessions } from './end_sessions.service';
import { openSignIn } from './open_sign_in.service';

type SetPasswordInput = {
  tenantId: TenantId;
  userId: UserId;
  password: string;
  /** the session in which the person changes it themselves, and which therefore stays */
  keepAuthSessionId?: RichId<'authsession'>;
};

/**
 * Gives a person a new password and ends their sessions: whoever knew the old one is out.
 * @param db of the system role
 * @returns the sessions that were ended
 * @throws AppError NOT_FOUND when the tenant has no such person, CONFLICT; ZodError for a password too short or long
 */
export async function setPassword(db: Db, input: SetPasswordInput): Promise<RichId<'authsession'>[]> {
  const { tenantId, userId, keepAuthSessionId } = input;
  const password = await hashPassword(passwordInput.parse(input.password));
  return db.$transaction(async () => {
    await openSignIn(db, { tenantId, userId });
    await db.authAccounts
      .insert({ id: newId('account'), userId, accountId: userId, providerId: 'credential', password })
      .onConflict(['providerId', 'accountId'])
      .merge(['password', 'updatedAt']);
    return endSessions(db, { userId, keepAuthSessionId });
  });
}
