import type { RedeemLinkInputZod } from '@raptscallions/zod-schemas/auth.zod';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { z } from 'zod';
import type { Db } from '../../../db/db';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { LinkTokens } from '../link_tokens';
import { takenName } from './create_user.service';
import { endLinks } from './make_link.service';
import { openSignIn } from './open_sign_in.service';
import { linkState } from './read_link.service';
import { setPassword } from './set_password.service';

/**
 * Uses a link up: its person has a new password, or a new address, and is active if they were waiting. Of two
 * who use it at once the second is refused. All sessions of before end with a new password.
 * @param db of the system role
 * @throws AppError NOT_FOUND for a link that opens nothing, BAD_REQUEST without the password it needs, CONFLICT
 * when somebody else signs in by the address
 */
export async function redeemLink(
  db: Db,
  tokens: LinkTokens,
  { token, password }: z.output<typeof RedeemLinkInputZod>,
): Promise<void> {
  const signInLinkId = tokens.idOf(token);
  if (!signInLinkId) throw new AppError('NOT_FOUND', 'This link is not one of ours. Copy all of it.');
  await db.$transaction(async () => {
    const link = await db.signInLinks.findByOptional({ signInLinkId: storedId(signInLinkId) }).forUpdate();
    const state = link ? linkState(link) : 'expired';
    if (!link || state !== 'open')
      throw new AppError('NOT_FOUND', closed[state === 'used' ? 'used' : 'expired']);
    const { tenantId, userId, purpose, email } = link;
    const person = stored({ tenantId, userId });
    const found = await db.users.findByOptional(person).forUpdate();
    const contact = await db.userContacts.findByOptional(person);
    // An address that was changed after the mail had gone: whoever reads the old one is not to get in.
    const moved = purpose !== 'verification' && email !== (contact?.email ?? null);
    if (!found || found.status === 'suspended' || moved) throw new AppError('NOT_FOUND', closed.expired);

    if (purpose === 'verification') await changeEmail(db, link);
    else if (password === undefined) throw new AppError('BAD_REQUEST', 'Choose a password.');
    else await setPassword(db, { tenantId, userId, password });
    // Whoever came by a mail has shown that they read it; whoever was handed the link has not.
    await openSignIn(db, { tenantId, userId, emailVerified: link.delivery === 'sent' });
    if (found.status === 'pending_verification') await db.users.findBy(person).update({ status: 'active' });
    await db.signInLinks.findBy(stored({ tenantId, signInLinkId })).update({ usedAt: Date.now() });
    await endLinks(db, { tenantId, userId, purposes: ['invitation', 'reset', 'verification'] });
  });
}

const closed = {
  used: 'This link has been used already. Sign in, or ask for another one.',
  expired: 'This link is too old, or a newer one was sent. Ask for another one.',
};

async function changeEmail(
  db: Db,
  { tenantId, userId, email }: { tenantId: TenantId; userId: UserId; email: string | null },
): Promise<void> {
  try {
    await db.userContacts.findBy(stored({ tenantId, userId })).update({ email });
  } catch (error) {
    throw takenName(error) ?? error;
  }
}
