import type { ChatStartInputZod } from '@raptscallions/zod-schemas/chat.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { tellObservers } from '../../hooks/services/tell_observers.service';
import { findUsableVersion } from '../../tools/services/find_usable_version.service';

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
  const { chatSessionId } = input;
  const known = await db.chatSessions.findByOptional(stored({ tenantId, chatSessionId }));
  if (known) {
    if (known.userId === actor.userId) return;
    throw new AppError('CONFLICT', 'This chat exists already.');
  }
  const { assignment, version } = await findUsableVersion(ctx, input);
  const { toolId, toolVersionId } = version;
  if (version.kind !== 'chat') throw new AppError('CONFLICT', 'This tool is a form, not a chat.');
  await db.chatSessions.create({
    tenantId,
    chatSessionId,
    userId: actor.userId,
    toolId,
    toolVersionId,
    assignmentId: assignment?.assignmentId ?? null,
    classId: assignment?.classId ?? null,
  });
  await tellObservers(db, 'session:start', { tenantId, chatSessionId, toolVersionId });
}
