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
export function finishRun(
  db: Db,
  { tenantId, runId, attempt }: Pick<ClaimedRun, 'tenantId' | 'runId' | 'attempt'>,
  end: RunEnd,
): Promise<boolean> {
  return enterTenant(db, tenantId, async () => {
    const lookedAt = await db.runs.findByOptional(stored({ tenantId, runId }));
    if (!lookedAt) return false;
    const { chatSessionId } = lookedAt;
    // The session first, as everywhere: two that lock in different orders wait for each other.
    const session = chatSessionId
      ? await db.chatSessions.includeDeleted().findBy(stored({ tenantId, chatSessionId })).forUpdate()
      : undefined;
    const run = await lockRun(db, tenantId, runId);
    if (run?.attempt !== attempt || run.status !== 'processing') return false;
    // Another worker may have it by now, although it has not begun.
    const ours = await db.runLeases.where({ ...stored({ tenantId, runId }), attempt }).delete();
    if (ours === 0) return false;
    const { status, meta, errorCode, errorMessage, firstTextAt } = end;
    const now = Date.now();
    await db.runs.where(stored({ tenantId, runId })).update({
      status,
      provider: meta.provider ?? null,
      model: meta.model ?? null,
      promptTokens: meta.promptTokens ?? null,
      completionTokens: meta.completionTokens ?? null,
      errorCode,
      errorMessage,
      firstTextAt,
      finishedAt: now,
    });
    if (session) await storeAnswer(db, run, session.messageCount, end, now);
    return true;
  });
}

function lockRun(db: Db, tenantId: ClaimedRun['tenantId'], runId: ClaimedRun['runId']) {
  return db.runs.findByOptional(stored({ tenantId, runId })).forUpdate();
}
type RunRow = NonNullable<Awaited<ReturnType<typeof lockRun>>>;

/** Puts the answer into the place that was reserved for it, or over the part that stands there. */
async function storeAnswer(db: Db, run: RunRow, messageCount: number, end: RunEnd, now: number) {
  const { tenantId, runId, chatSessionId, answerMessageId: messageId, answerSeq, userId, classId } = run;
  if (end.text === '' || !messageId || !chatSessionId || answerSeq === null) return;
  const { text, outcome, meta } = end;
  const answer = { text, outcome, meta, shownToStaff: true };
  const known = await db.messages.where(stored({ tenantId, messageId })).update(answer);
  if (known > 0) return;
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
    .update({ messageCount: messageCount + 1, lastMessageAt: now });
}
