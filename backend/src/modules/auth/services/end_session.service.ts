import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';

/**
 * Ends one of a person's own sessions at once; its streams close with it, since a trigger tells of the end.
 * @param db of the system role
 * @throws AppError NOT_FOUND for one that is over, somebody else's, or none
 */
export async function endSession(
  db: Db,
  userId: UserId,
  authSessionId: RichId<'authsession'>,
): Promise<void> {
  const ended = await db.authSessions.where({ id: storedId(authSessionId), ...stored({ userId }) }).delete();
  if (ended === 0) throw new AppError('NOT_FOUND', 'This sign-in has ended already.');
}
