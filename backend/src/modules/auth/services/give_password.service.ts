import { mayGivePassword } from '@raptscallions/policies/sign_in';
import type { GivePasswordInputZod } from '@raptscallions/zod-schemas/auth.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';
import { endLinks } from './make_link.service';
import { setPassword } from './set_password.service';
import { withSignIn } from './with_sign_in.service';

/**
 * Gives somebody a password, by whoever looks after them or teaches them. Who was waiting for a mail need not wait
 * any longer: the giver knows them.
 * @throws AppError NOT_FOUND, CONFLICT for somebody who is suspended
 */
export async function givePassword(
  ctx: CommandContext,
  { userId, password }: z.output<typeof GivePasswordInputZod>,
): Promise<void> {
  const { app, db, tenantId } = ctx;
  const { status } = await withSignIn(ctx, userId, mayGivePassword);
  if (status === 'suspended')
    throw new AppError('CONFLICT', 'This person is suspended. Let them in again first.');
  if (status === 'pending_verification') {
    await db.users.findBy(stored({ tenantId, userId })).update({ status: 'active' });
  }
  // Whoever was handed a link before is not to choose another password with it.
  await endLinks(db, { tenantId, userId, purposes: ['invitation', 'reset'] });
  // Sign-in data is the system role's. Should the transaction fail after it, the same call sets all right.
  await setPassword(app.systemDb, { tenantId, userId, password });
}
