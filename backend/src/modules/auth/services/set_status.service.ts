import { mayManageSignIn } from '@raptscallions/policies/sign_in';
import type { SetStatusInputZod } from '@raptscallions/zod-schemas/auth.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';
import { endSessions } from './end_sessions.service';
import { endLinks } from './make_link.service';
import { withSignIn } from './with_sign_in.service';

/**
 * Suspends a person or lets them in again. A suspension counts at once, in every open session and stream, since
 * each asks for the status; links that were sent before it are worth nothing after it.
 * @throws AppError NOT_FOUND, CONFLICT for somebody who has not shown yet that the address is theirs
 */
export async function setStatus(
  ctx: CommandContext,
  { userId, status }: z.output<typeof SetStatusInputZod>,
): Promise<void> {
  const { app, db, tenantId } = ctx;
  const person = await withSignIn(ctx, userId, mayManageSignIn);
  if (person.status === status) return;
  if (status === 'active' && person.status === 'pending_verification') {
    throw new AppError('CONFLICT', 'This person has yet to use the invitation. Send another one instead.');
  }
  await db.users.findBy(stored({ tenantId, userId })).update({ status });
  if (status === 'suspended') {
    await endLinks(db, { tenantId, userId, purposes: ['invitation', 'reset', 'verification'] });
  }
  // Whoever is let in again signs in anew: why they were shut out may be who had the session. At both times, since
  // somebody may have come in after the sessions were ended and before the suspension was committed.
  await endSessions(app.systemDb, { userId });
}
