import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { Db } from '../../../db/db';
import { stored, storedId } from '../../../db/stored_id';
import type { Enqueue } from '../../../procedures/context';
import { makeLink } from './make_link.service';

/**
 * Sends whoever has this address a link to choose a new password; nothing for an address nobody has, or somebody
 * suspended. Who signs in by it comes first: the address may stand in several tenants.
 * @param db of the system role
 */
export async function requestReset(
  db: Db,
  enqueue: Enqueue,
  { email, signInLinkId }: { email: string; signInLinkId: RichId<'signinlink'> },
): Promise<void> {
  await db.$transaction(async () => {
    const contacts = await db.userContacts.where({ email }).order('createdAt').limit(20);
    const signIn = await db.authUsers.findByOptional({ email });
    const contact = contacts.find(({ userId }) => userId === signIn?.id) ?? contacts[0];
    if (!contact) return;
    const { tenantId, userId } = contact;
    const person = await db.users.findByOptional(stored({ tenantId, userId }));
    if (!person || person.status === 'suspended') return;
    const known = await db.signInLinks.where({ signInLinkId: storedId(signInLinkId) }).exists();
    if (known) return;
    const purpose = person.status === 'active' ? 'reset' : 'invitation';
    await makeLink(db, enqueue, { tenantId, signInLinkId, userId, purpose, email });
  });
}
