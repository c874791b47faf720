import { storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { App, SignedIn } from '../../../procedures/context';
import { verifyPassword } from '../password';

/**
 * Somebody who is signed in shows once more who they are, so that what needs a fresh sign-in can go on. Counted
 * like a sign-in: whoever finds an open browser is not to guess here.
 * @throws AppError FORBIDDEN for a wrong password; CONFLICT with `details.reason` `no_password` for somebody who
 * signs in another way; RATE_LIMIT_EXCEEDED
 */
export async function provePassword(
  { systemDb, signInLimits }: Pick<App, 'systemDb' | 'signInLimits'>,
  { userId, authSessionId }: Pick<SignedIn, 'userId' | 'authSessionId'>,
  password: string,
  address: string,
): Promise<void> {
  const account = await systemDb.authAccounts
    .where({ userId: storedId(userId), providerId: 'credential' })
    .takeOptional();
  if (!account?.password) {
    throw new AppError('CONFLICT', 'You have no password here. Sign out, and in again the way you came.', {
      reason: 'no_password',
    });
  }
  const tried = await signInLimits.begin(userId, address);
  let wrong = false;
  try {
    wrong = !(await verifyPassword({ hash: account.password, password }));
  } finally {
    // Also when it could not be looked at: a try that never ends would count for a minute, and be waited for for ever.
    await tried.end(wrong);
  }
  if (wrong) throw new AppError('FORBIDDEN', 'This is not your password.');
  await systemDb.authSessions.find(storedId(authSessionId)).update({ provedAt: Date.now() });
}
