import { abilityFor, may } from '@raptscallions/policies/ability';
import type { AssignmentCreateInputZod } from '@raptscallions/zod-schemas/assignment.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { withClassById } from '../../classes/services/with_class.service';
import { assignmentCreated } from '../assignments.event';

/**
 * Gives a published version of a tool to a class.
 * @throws AppError NOT_FOUND for a class or tool the actor cannot see, FORBIDDEN, CONFLICT for a draft
 */
export async function createAssignment(
  ctx: TenantContext,
  input: z.output<typeof AssignmentCreateInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const ability = abilityFor(actor);
  const { groupId } = await withClassById(ctx, input.classId, 'read');
  if (!may(ability, 'create', 'Assignment', { classId: input.classId, groupId })) {
    throw new AppError('FORBIDDEN', 'Only teachers of this class may give it something to do.');
  }
  const { toolId, toolVersionId } = input;
  const version = await db.toolVersions.findByOptional(stored({ tenantId, toolId, toolVersionId }));
  const givenTo = version
    ? await db.assignments.where(stored({ tenantId, toolVersionId })).pluck('classId')
    : [];
  if (!version || !may(ability, 'read', 'ToolVersion', { ...version, givenTo })) {
    throw new AppError('NOT_FOUND', 'This tool does not exist, or you cannot see it.');
  }
  if (version.status !== 'published')
    throw new AppError('CONFLICT', 'Publish this version before you assign it.');
  await db.assignments.create({ tenantId, ...input, assignedByUserId: actor.userId });
  const { assignmentId, classId } = input;
  await ctx.app.publish(assignmentCreated, {
    ...eventOf(ctx, 'AssignmentCreated', assignmentId),
    classId,
    toolVersionId,
  });
}
