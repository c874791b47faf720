import { mayGiveRole, mayManageSignIn } from '@raptscallions/policies/sign_in';
import type {
  InvitedPersonZod,
  InvitePersonInputZod,
  SendLinkInputZod,
} from '@raptscallions/zod-schemas/auth.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';
import { checkUsername } from './check_username.service';
import { takenName } from './create_user.service';
import { makeLink } from './make_link.service';
import { withSignIn } from './with_sign_in.service';

/**
 * Makes a person, puts them into a group and sends the link by which they choose a password. Until they have
 * used it, or were given a password, they are `pending_verification`. A link of somebody without an address is kept
 * to be handed over.
 * @throws AppError NOT_FOUND for a group the actor does not administer, FORBIDDEN for a role above the actor's,
 * CONFLICT when the address or the user name is taken in this tenant
 */
export async function invitePerson(
  { db, app, tenantId, actor }: CommandContext,
  input: z.output<typeof InvitePersonInputZod>,
): Promise<z.output<typeof InvitedPersonZod>> {
  const { name, email, username, groupId, role } = input;
  const [userId, groupMemberId] = [newId('user'), newId('groupmember')];
  const group = await db.groups.findByOptional(stored({ tenantId, groupId }));
  if (!group || !actor.adminGroupIds.includes(groupId)) {
    throw new AppError('NOT_FOUND', 'This group does not exist, or it is not yours to invite into.');
  }
  if (!mayGiveRole(actor, role, groupId)) {
    throw new AppError('FORBIDDEN', 'Only a system administrator can make another one.');
  }
  if (username !== undefined) await checkUsername(app.systemDb, tenantId, username);
  try {
    await db.users.create({ tenantId, userId, name });
    await db.userContacts.create({ tenantId, userId, email, username });
    await db.groupMembers.create({ tenantId, groupMemberId, groupId, userId, role });
  } catch (error) {
    throw takenName(error) ?? error;
  }
  await makeLink(db, app.enqueue, { tenantId, userId, purpose: 'invitation', email: email ?? null });
  return { __type: 'InvitedPerson', userId };
}

/**
 * Sends a person who never came another invitation, and everybody else a link to choose a new password. Without
 * an address the link is kept for whoever asked for it.
 * @throws AppError NOT_FOUND, CONFLICT for somebody who is suspended
 */
export async function sendLink(
  ctx: CommandContext,
  { userId }: z.output<typeof SendLinkInputZod>,
): Promise<void> {
  const { db, app, tenantId } = ctx;
  const { status, email } = await withSignIn(ctx, userId, mayManageSignIn);
  if (status === 'suspended') {
    throw new AppError('CONFLICT', 'This person is suspended. Let them in again first.');
  }
  const purpose = status === 'active' ? 'reset' : 'invitation';
  await makeLink(db, app.enqueue, { tenantId, userId, purpose, email });
}
