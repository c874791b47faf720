import { abilityFor, may } from '@raptscallions/policies/ability';
import type { ClassMemberAddInputZod, ClassMemberRemoveInputZod } from '@raptscallions/zod-schemas/class.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { classMemberAdded, classMemberRemoved } from '../classes.event';
import { withClassById } from './with_class.service';

const notAllowed = 'Only an administrator may change who is in this class.';

/**
 * Puts a person into a class; for somebody who is in it already the role changes.
 * @throws AppError NOT_FOUND for a class or person the actor cannot see, FORBIDDEN
 */
export async function addClassMember(
  ctx: TenantContext,
  input: z.output<typeof ClassMemberAddInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const { groupId } = await withClassById(ctx, input.classId, 'read');
  const ability = abilityFor(actor);
  if (!may(ability, 'create', 'ClassMember', { classId: input.classId, groupId })) {
    throw new AppError('FORBIDDEN', notAllowed);
  }
  const person = await db.users.findByOptional(stored({ tenantId, userId: input.userId }));
  const memberships = await db.groupMembers
    .where(stored({ tenantId, userId: input.userId }))
    .select('groupId');
  const groupIds = memberships.map((membership) => membership.groupId);
  if (!person || !may(ability, 'read', 'User', { userId: input.userId, groupIds, classIds: [] })) {
    throw new AppError('NOT_FOUND', 'This person does not exist, or you cannot see them.');
  }
  await db.classMembers
    .create({ tenantId, ...input })
    .onConflict(['tenantId', 'classId', 'userId'])
    // From now on it is made by hand, or the roster it came from would set the role back the same night.
    .set({ role: input.role, rosterSourceId: null });
  const { classId, userId, role } = input;
  await ctx.app.publish(classMemberAdded, { ...eventOf(ctx, 'ClassMemberAdded', classId), userId, role });
}

/**
 * Takes a person out of a class; what they wrote there stays with the class. Done already counts as done.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function removeClassMember(
  ctx: TenantContext,
  input: z.output<typeof ClassMemberRemoveInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const member = await db.classMembers.findByOptional(
    stored({ tenantId, classMemberId: input.classMemberId }),
  );
  if (!member) return;
  const { groupId } = await withClassById(ctx, member.classId, 'read');
  if (!may(abilityFor(actor), 'delete', 'ClassMember', { classId: member.classId, groupId })) {
    throw new AppError('FORBIDDEN', notAllowed);
  }
  await db.classMembers.where(stored({ tenantId, classMemberId: input.classMemberId })).delete();
  const { classId, userId } = member;
  await ctx.app.publish(classMemberRemoved, { ...eventOf(ctx, 'ClassMemberRemoved', classId), userId });
}
