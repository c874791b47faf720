import type { SignInSubject } from '@raptscallions/policies/sign_in';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';

/**
 * A person whose way in is to be changed, when the policy lets the actor.
 * @throws AppError NOT_FOUND otherwise, also for somebody the actor can see and may not change
 */
export async function withSignIn(
  { db, tenantId, actor }: Pick<CommandContext, 'db' | 'tenantId' | 'actor'>,
  userId: UserId,
  may: (actor: CommandContext['actor'], subject: SignInSubject) => boolean,
) {
  const ids = stored({ tenantId, userId });
  const person = await db.users.findByOptional(ids);
  const groupRoles = await db.groupMembers.where(ids).select('groupId', 'role');
  const classRoles = await db.classMembers.where(ids).select('classId', 'role');
  if (!person || !may(actor, { userId, groupRoles, classRoles })) {
    throw new AppError('NOT_FOUND', 'This person does not exist, or their sign-in is not yours to change.');
  }
  const contact = await db.userContacts.findByOptional(ids);
  return { ...person, email: contact?.email ?? null, username: contact?.username ?? null };
}
