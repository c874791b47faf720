import { abilityFor, may } from '@raptscallions/policies/ability';
import type { ChatStartInputZod } from '@raptscallions/zod-schemas/chat.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { tellObservers } from '../../hooks/services/tell_observers.service';

/**
 * Opens a session: a pupil's with the version that was assigned, or an author's own trial of a version.
 * Opened already is done.
 * @throws AppError NOT_FOUND for an assignment or tool the actor cannot see, CONFLICT for a form tool
 */
export async function startSession(
  ctx: TenantContext,
  input: z.output<typeof ChatStartInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const { chatSessionId, assignmentId } = input;
  const known = await db.chatSessions.findByOptional(stored({ tenantId, chatSessionId }));
  if (known) {
    if (known.userId === actor.userId) return;
    throw new AppError('CONFLICT', 'This chat exists already.');
  }
  const assignment =
    assignmentId && (await db.assignments.findByOptional(stored({ tenantId, assignmentId })));
  if (assignmentId && !actor.classRoles.some(({ classId }) => assignment && classId === assignment.classId)) {
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
  if (version.kind !== 'chat') throw new AppError('CONFLICT', 'This tool is a form, not a chat.');
  await db.chatSessions.create({
    tenantId,
    chatSessionId,
    userId: actor.userId,
    toolId: version.toolId,
    toolVersionId,
    assignmentId: assignment ? assignment.assignmentId : null,
    classId: assignment ? assignment.classId : null,
  });
  await tellObservers(db, 'session:start', { tenantId, chatSessionId, toolVersionId });
}
