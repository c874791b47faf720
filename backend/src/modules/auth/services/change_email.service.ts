import type { ChangeEmailInputZod } from '@raptscallions/zod-schemas/auth.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { makeLink } from './make_link.service';

/**
 * Sends the person's new address a link; the old one counts until that is used. Whether somebody else has the
 * address is found out then, and told to whoever reads its mail.
 * @throws AppError CONFLICT when it is theirs already
 */
export async function changeEmail(
  { db, app, tenantId, actor }: TenantContext,
  { email }: z.output<typeof ChangeEmailInputZod>,
): Promise<void> {
  const { userId } = actor;
  const contact = await db.userContacts.findByOptional(stored({ tenantId, userId }));
  if (contact?.email === email) throw new AppError('CONFLICT', 'This is your address already.');
  await makeLink(db, app.enqueue, { tenantId, userId, purpose: 'verification', email });
}
