import { mayManageSignIn } from '@raptscallions/policies/sign_in';
import type { EndSignInsInputZod } from '@raptscallions/zod-schemas/auth.zod';
import type { z } from 'zod';
import type { CommandContext } from '../../../procedures/context';
import { endSession } from './end_session.service';
import { endSessions } from './end_sessions.service';
import { withSignIn } from './with_sign_in.service';

/**
 * Signs somebody out, on one device or on all, at once: their open streams close with it. They may sign in again;
 * a suspension is what keeps them out.
 * @throws AppError NOT_FOUND for a person who is not the actor's to sign out, and for a session that is over
 */
export async function endSignIns(
  ctx: CommandContext,
  { userId, authSessionId }: z.output<typeof EndSignInsInputZod>,
): Promise<void> {
  await withSignIn(ctx, userId, mayManageSignIn);
  const { systemDb } = ctx.app;
  if (authSessionId) await endSession(systemDb, userId, authSessionId);
  else await endSessions(systemDb, { userId });
}
