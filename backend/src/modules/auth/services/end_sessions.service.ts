import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { storedId } from '../../../db/stored_id';

/**
 * Ends every session of a person, at once and on all devices: for a suspension, or a new password.
 * @param db of the system role
 * @returns the sessions that were ended, whose open streams are still to be closed
 */
export async function endSessions(
  db: Db,
  person: { userId: UserId; keepAuthSessionId?: RichId<'authsession'> | undefined },
): Promise<RichId<'authsession'>[]> {
  const { userId, keepAuthSessionId } = person;
  const sessions = db.authSessions.where({ userId: storedId(userId) });
  const ending = keepAuthSessionId ? sessions.whereNot({ id: storedId(keepAuthSessionId) }) : sessions;
  return ending.pluck('id').delete();
}
