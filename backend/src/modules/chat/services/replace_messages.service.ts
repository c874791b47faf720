import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { endOpenRun } from '../../runs/services/end_open_run.service';

/**
 * Takes a question and all that follows it out of the conversation: what waits is cancelled, what is being
 * written is told to stop. Nothing is deleted; teachers see that another version took its place.
 * The session is locked by the caller.
 * @throws AppError NOT_FOUND, CONFLICT when it was replaced already, from another device for instance
 */
export async function replaceFrom(
  { db, tenantId }: TenantContext,
  chatSessionId: ChatSessionId,
  messageId: RichId<'message'>,
): Promise<void> {
  const first = await db.messages.findByOptional(stored({ tenantId, messageId }));
  if (first?.chatSessionId !== chatSessionId || first.role !== 'user') {
    throw new AppError('NOT_FOUND', 'The message you changed is not in this chat.');
  }
  if (first.replacedAt !== null) {
    throw new AppError('CONFLICT', 'This message was changed already, on another device for instance.');
  }
  const ids = stored({ tenantId, chatSessionId });
  await db.messages
    .where({ ...ids, seq: { gte: first.seq }, replacedAt: null })
    .update({ replacedAt: Date.now() });
  const open = await db.runs
    .where({ ...ids, answerSeq: { gt: first.seq }, status: { in: ['pending', 'processing'] } })
    .forUpdate();
  for (const run of open) await endOpenRun(db, run);
}
