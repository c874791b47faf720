import type { Db } from '../../../db/db';
import { stored, storedId } from '../../../db/stored_id';
import { openSignIn } from './open_sign_in.service';

/**
 * An identity provider has just shown that somebody reads this address. The one person of ours who has it can be
 * linked from then on, and need not use an invitation any more. A sign-in that has another way in already and an
 * address nobody has verified stays as it is: whoever made that way in may not be who reads the mail.
 * @param db of the system role
 */
export async function recogniseAddress(db: Db, email: string): Promise<void> {
  await db.$transaction(async () => {
    const signIn = await db.authUsers.findByOptional({ email });
    if (signIn && !signIn.emailVerified) {
      const entered = await db.authAccounts.where({ userId: storedId(signIn.id) }).exists();
      if (entered) return;
    }
    const contacts = await db.userContacts.where({ email }).limit(2);
    const [contact, other] = signIn ? contacts.filter(({ userId }) => userId === signIn.id) : contacts;
    // The same address in two tenants: nobody can tell here which of the two is meant.
    if (!contact || other) return;
    const { tenantId, userId } = contact;
    const person = await db.users.findByOptional(stored({ tenantId, userId }));
    if (!person || person.status === 'suspended') return;
    await openSignIn(db, { tenantId, userId, emailVerified: true });
    if (person.status === 'pending_verification') {
      await db.users.findBy(stored({ tenantId, userId })).update({ status: 'active' });
    }
  });
}
