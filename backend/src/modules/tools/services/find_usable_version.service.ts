import { abilityFor, may } from '@raptscallions/policies/ability';
import type { ChatStartInputZod } from '@raptscallions/zod-schemas/chat.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';

/**
 * The version of a tool somebody is about to use: the one their assignment gives, whatever they name; without an
 * assignment one they may read. Taken back from the shelf it still serves where it was given.
 * @throws AppError NOT_FOUND for an assignment or tool the actor cannot use
 */
export async function findUsableVersion(
  { db, tenantId, actor }: Pick<TenantContext, 'db' | 'tenantId' | 'actor'>,
  input: Pick<z.output<typeof ChatStartInputZod>, 'assignmentId' | 'toolVersionId'>,
) {
  const { assignmentId } = input;
  const assignment = assignmentId
    ? await db.assignments.findByOptional(stored({ tenantId, assignmentId }))
    : undefined;
  if (assignmentId && !actor.classRoles.some(({ classId }) => classId === assignment?.classId)) {
    throw new AppError('NOT_FOUND', 'This task was taken back, or you are no longer in its class.');
  }
  const toolVersionId = assignment ? assignment.toolVersionId : input.toolVersionId;
  const version = await db.toolVersions.includeDeleted().findByOptional(stored({ tenantId, toolVersionId }));
  if (
    !version ||
    (!assignment && !may(abilityFor(actor), 'read', 'ToolVersion', { ...version, givenTo: [] }))
  ) {
    throw new AppError('NOT_FOUND', 'This tool does not exist, or you cannot use it.');
  }
  return { assignment, version };
}
