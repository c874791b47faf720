import { abilityFor, may } from '@raptscallions/policies/ability';
import type {
  AssignmentId,
  AssignmentRemoveInputZod,
  AssignmentUpdateInputZod,
} from '@raptscallions/zod-schemas/assignment.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { assignmentRemoved, assignmentUpdated } from '../assignments.event';

/**
 * Changes title, instructions or due date.
 * @throws AppError NOT_FOUND for an assignment the actor may not change
 */
export async function updateAssignment(
  ctx: TenantContext,
  input: z.output<typeof AssignmentUpdateInputZod>,
): Promise<void> {
  const { assignmentId, ...changes } = input;
  const { classId } = await withChangeableAssignment(ctx, assignmentId);
  // Also of one that was taken back meanwhile: given again, it is as it was changed.
  await ctx.db.assignments
    .includeDeleted()
    .where(stored({ tenantId: ctx.tenantId, assignmentId }))
    .update(changes);
  await ctx.app.publish(assignmentUpdated, { ...eventOf(ctx, 'AssignmentUpdated', assignmentId), classId });
}

/**
 * Takes an assignment back, or gives it again. Sessions that were begun stay readable.
 * @throws AppError NOT_FOUND for an assignment the actor may not change
 */
export async function removeAssignment(
  ctx: TenantContext,
  input: z.output<typeof AssignmentRemoveInputZod>,
): Promise<void> {
  const { assignmentId, removed } = input;
  const { classId } = await withChangeableAssignment(ctx, assignmentId);
  await ctx.db.assignments
    .includeDeleted()
    .where(stored({ tenantId: ctx.tenantId, assignmentId }))
    .update({ deletedAt: removed ? Date.now() : null });
  const event = { ...eventOf(ctx, 'AssignmentRemoved', assignmentId), classId, removed };
  await ctx.app.publish(assignmentRemoved, event);
}

async function withChangeableAssignment({ db, tenantId, actor }: TenantContext, assignmentId: AssignmentId) {
  const found = await db.assignments.includeDeleted().findByOptional(stored({ tenantId, assignmentId }));
  const ofClass = found && (await db.classes.findByOptional(stored({ tenantId, classId: found.classId })));
  const row = ofClass && { classId: ofClass.classId, groupId: ofClass.groupId };
  if (!row || !may(abilityFor(actor), 'update', 'Assignment', row)) {
    throw new AppError('NOT_FOUND', 'This assignment does not exist, or it is not yours to change.');
  }
  return row;
}
