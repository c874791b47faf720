import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import { placeholderEmail, takenName } from './create_user.service';

type OpenSignInInput = {
  tenantId: TenantId;
  userId: UserId;
  /** the person has just shown that the address in their contact data is theirs */
  emailVerified?: boolean;
};

/**
 * Makes sure that a person can have a sign-in: people from rosters and invitations have none until they need it.
 * @param db of the system role
 * @throws AppError NOT_FOUND when the tenant has no such person, CONFLICT when somebody else signs in by the address
 */
export async function openSignIn(
  db: Db,
  { tenantId, userId, emailVerified }: OpenSignInInput,
): Promise<void> {
  const ids = stored({ tenantId, userId });
  const person = await db.users.findByOptional(ids);
  if (!person) throw new AppError('NOT_FOUND');
  const contact = await db.userContacts.findByOptional(ids);
  const email = contact?.email ?? placeholderEmail(userId);
  const proven = contact?.email != null && emailVerified === true;
  try {
    await db.$transaction(async () => {
      const known = await db.authUsers.findByOptional({ id: storedId(userId) }).forUpdate();
      if (!known) {
        await db.authUsers.insert({ id: userId, tenantId, name: person.name, email, emailVerified: proven });
        return;
      }
      // What was shown about the old address says nothing about a new one.
      const emailStillVerified = proven || (known.emailVerified && known.email === email);
      await db.authUsers
        .find(storedId(userId))
        .update({ email, name: person.name, emailVerified: emailStillVerified });
    });
  } catch (error) {
    throw takenName(error) ?? error;
  }
}
