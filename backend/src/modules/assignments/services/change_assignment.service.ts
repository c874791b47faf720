import { abilityFor, may } from '@raptscallions/policies/ability';
import type {
  AssignmentId,
  AssignmentRemoveInputZod,
  AssignmentUpdateInputZod,
} from '@raptscallions/zod-schemas/assignment.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';

/**
 * Changes title, instructions or due date.
 * @throws AppError NOT_FOUND for an assignment the actor may not change
 */
export async function updateAssignment(
  ctx: TenantContext,
  input: z.output<typeof AssignmentUpdateInputZod>,
): Promise<void> {
  const { assignmentId, ...changes } = input;
  await assertMayChange(ctx, assignmentId);
  await ctx.db.assignments.where(stored({ tenantId: ctx.tenantId, assignmentId })).update(changes);
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
  await assertMayChange(ctx, assignmentId);
  await ctx.db.assignments
    .includeDeleted()
    .where(stored({ tenantId: ctx.tenantId, assignmentId }))
    .update({ deletedAt: removed ? Date.now() : null });
}

async function assertMayChange(
  { db, tenantId, actor }: TenantContext,
  assignmentId: AssignmentId,
): Promise<void> {
  const found = await db.assignments.includeDeleted().findByOptional(stored({ tenantId, assignmentId }));
  const ofClass = found && (await db.classes.findByOptional(stored({ tenantId, classId: found.classId })));
  const row = ofClass && { classId: ofClass.classId, groupId: ofClass.groupId };
  if (!row || !may(abilityFor(actor), 'update', 'Assignment', row)) {
    throw new AppError('NOT_FOUND', 'This assignment does not exist, or it is not yours to change.');
  }
}
