import type { Message } from '@raptscallions/zod-schemas/chat.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored } from '../../../db/stored_id';
import type { ClaimedRun } from './claim_run.service';

export type RunEnd = {
  status: 'completed' | 'failed' | 'cancelled';
  text: string;
  outcome: Message['outcome'];
  meta: Message['meta'];
  errorCode: string | null;
  errorMessage: string | null;
  firstTextAt: number | null;
};

/**
 * Stores how a run ended, with the answer as far as it came, in one transaction. What comes of an attempt that
 * was taken over meanwhile changes nothing.
 * @returns false when it was too late
 */
export function finishRun(db: Db, claimed: ClaimedRun, end: RunEnd): Promise<boolean> {
  const { tenantId, runId, chatSessionId, attempt } = claimed;
  return enterTenant(db, tenantId, async () => {
    // The session first, as everywhere: two that lock in different orders wait for each other.
    const session = await db.chatSessions
      .includeDeleted()
      .findBy(stored({ tenantId, chatSessionId }))
      .forUpdate();
    const run = await db.runs.findByOptional(stored({ tenantId, runId })).forUpdate();
    if (!run?.answerMessageId || !run.answerSeq || run.attempt !== attempt || run.status !== 'processing')
      return false;
    const now = Date.now();
    await db.runs.where(stored({ tenantId, runId })).update({
      status: end.status,
      leaseUntil: null,
      provider: end.meta.provider ?? null,
      model: end.meta.model ?? null,
      promptTokens: end.meta.promptTokens ?? null,
      completionTokens: end.meta.completionTokens ?? null,
      errorCode: end.errorCode,
      errorMessage: end.errorMessage,
      firstTextAt: end.firstTextAt,
      finishedAt: now,
    });
    if (end.text !== '') {
      const { text, outcome, meta } = end;
      const answer = { text, outcome, meta, shownToStaff: true };
      const messageId = run.answerMessageId;
      const known = await db.messages.findByOptional(stored({ tenantId, messageId }));
      if (known) await db.messages.where(stored({ tenantId, messageId })).update(answer);
      else {
        const { userId, classId, answerSeq } = run;
        await db.messages.create({
          tenantId,
          messageId,
          chatSessionId,
          userId,
          classId,
          runId,
          seq: answerSeq,
          role: 'assistant',
          ...answer,
        });
        await db.chatSessions
          .includeDeleted()
          .where(stored({ tenantId, chatSessionId }))
          .update({ messageCount: session.messageCount + 1, lastMessageAt: now });
      }
    }
    return true;
  });
}
