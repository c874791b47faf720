import { abilityFor, may } from '@raptscallions/policies/ability';
import { mayGiveRole } from '@raptscallions/policies/sign_in';
import type {
  GroupMember,
  GroupMemberRemoveInputZod,
  GroupMemberSetInputZod,
} from '@raptscallions/zod-schemas/group.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';
import { groupMemberRemoved, groupMemberSet } from '../groups.event';
import { lockTree, withGroupById } from './with_group.service';

type Membership = Pick<GroupMember, 'groupId' | 'userId' | 'role'>;

/**
 * Puts a person into a group, or gives them another role in it.
 * @throws AppError NOT_FOUND for a group or person the actor does not look after, FORBIDDEN for a role above the
 * actor's own, CONFLICT when nobody would be left to look after the school
 */
export async function setGroupMember(
  ctx: CommandContext,
  input: z.output<typeof GroupMemberSetInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const { groupMemberId, groupId, userId, role } = input;
  await lockTree(ctx);
  await withGroupById(ctx, groupId);
  const memberships = await db.groupMembers.where(stored({ tenantId, userId })).select('groupId', 'role');
  const person = await db.users.findByOptional(stored({ tenantId, userId }));
  const places = { userId, groupIds: memberships.map((each) => each.groupId), classIds: [] };
  if (!person || !may(abilityFor(actor), 'manage', 'User', places)) {
    throw new AppError('NOT_FOUND', 'This person does not exist, or you do not look after them.');
  }
  const before = memberships.find((each) => each.groupId === groupId)?.role ?? null;
  if (before === role) return;
  assertMayGive(ctx, { groupId, role });
  if (before !== null) {
    assertMayGive(ctx, { groupId, role: before });
    await assertSomebodyLeft(ctx, { groupId, userId, role: before });
  }
  await db.groupMembers
    .create({ tenantId, groupMemberId, groupId, userId, role })
    .onConflict(['tenantId', 'groupId', 'userId'])
    // From now on it is made by hand, or the roster it came from would set the role back the same night.
    .set({ role, rosterSourceId: null });
  await ctx.app.publish(groupMemberSet, {
    ...eventOf(ctx, 'GroupMemberSet', groupId),
    groupMemberId,
    userId,
    role,
    before,
  });
}

/**
 * Takes a person out of a group. Done already counts as done.
 * @throws AppError NOT_FOUND, FORBIDDEN for a role above the actor's own, CONFLICT for the only group of a person,
 * or when nobody would be left to look after the school
 */
export async function removeGroupMember(
  ctx: CommandContext,
  { groupMemberId }: z.output<typeof GroupMemberRemoveInputZod>,
): Promise<void> {
  const { db, tenantId } = ctx;
  await lockTree(ctx);
  const member = await db.groupMembers.findByOptional(stored({ tenantId, groupMemberId }));
  if (!member) return;
  const { groupId, userId, role } = member;
  await withGroupById(ctx, groupId);
  assertMayGive(ctx, member);
  await assertSomebodyLeft(ctx, member);
  if ((await db.groupMembers.where(stored({ tenantId, userId })).count()) === 1) {
    throw new AppError(
      'CONFLICT',
      'This is the only group of this person. Put them into another one first, or suspend them.',
    );
  }
  await db.groupMembers.where(stored({ tenantId, groupMemberId })).delete();
  await ctx.app.publish(groupMemberRemoved, {
    ...eventOf(ctx, 'GroupMemberRemoved', groupId),
    groupMemberId,
    userId,
    role,
  });
}

function assertMayGive(
  { actor }: CommandContext,
  { groupId, role }: Pick<Membership, 'groupId' | 'role'>,
): void {
  if (!mayGiveRole(actor, role, groupId)) {
    throw new AppError('FORBIDDEN', 'Only a system administrator may make or unmake one.');
  }
}

/** A school whose last administrator is gone could never be looked after again. */
async function assertSomebodyLeft(
  { db, tenantId }: CommandContext,
  { groupId, userId, role }: Membership,
): Promise<void> {
  if (role !== 'group_admin' && role !== 'system_admin') return;
  const { parentGroupId } = await db.groups.findBy(stored({ tenantId, groupId }));
  if (parentGroupId) return;
  const others = await db.groupMembers
    .where({ ...stored({ tenantId, groupId }), role: { in: ['group_admin', 'system_admin'] } })
    .whereNot(stored({ userId }))
    .exists();
  if (!others) throw new AppError('CONFLICT', 'Nobody would be left to look after the school.');
}
