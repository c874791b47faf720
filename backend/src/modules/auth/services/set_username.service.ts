import { mayManageSignIn } from '@raptscallions/policies/sign_in';
import type { SetUsernameInputZod } from '@raptscallions/zod-schemas/auth.zod';
import type { z } from 'zod';
import type { CommandContext } from '../../../procedures/context';
import { checkUsername } from './check_username.service';
import { takenName } from './create_user.service';
import { withSignIn } from './with_sign_in.service';

/**
 * Gives somebody the name they sign in by, beside the school code; one they had before counts no more.
 * @throws AppError NOT_FOUND, CONFLICT when somebody of the tenant has it
 */
export async function setUsername(
  ctx: CommandContext,
  { userId, username }: z.output<typeof SetUsernameInputZod>,
): Promise<void> {
  const { app, db, tenantId } = ctx;
  const person = await withSignIn(ctx, userId, mayManageSignIn);
  if (person.username === username) return;
  // The same name in other letters is the person's own.
  if (person.username?.toLowerCase() !== username) await checkUsername(app.systemDb, tenantId, username);
  try {
    await db.userContacts
      .create({ tenantId, userId, username })
      .onConflict(['tenantId', 'userId'])
      .set({ username });
  } catch (error) {
    throw takenName(error) ?? error;
  }
}
