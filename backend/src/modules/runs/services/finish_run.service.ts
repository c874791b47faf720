import type { Message } from '@raptscallions/zod-schemas/chat.zod';
import type { JsonGroup } from '@raptscallions/zod-schemas/product.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { type StoredId, stored } from '../../../db/stored_id';
import { endFullSession } from '../../chat/services/end_session.service';
import { type HeldBack, keepOriginal } from '../../hooks/services/keep_original.service';
import type { UsageAttempt } from '../../usage/services/reserve_usage.service';
import { settleLostAttempts, settleUsage } from '../../usage/services/settle_usage.service';
import type { PickedRun } from '../run_picker';

export type RunEnd = {
  status: 'completed' | 'failed' | 'cancelled' | 'blocked';
  text: string;
  outcome: Message['outcome'];
  meta: Message['meta'];
  errorCode: string | null;
  errorMessage: string | null;
  firstTextAt: number | null;
  /** of a product that has a result */
  product?: { output: JsonGroup; repaired: boolean };
  heldBack?: HeldBack;
};

/**
 * Stores how a run ended, with the answer as far as it came, in one transaction. What comes of an attempt that
 * was taken over meanwhile changes nothing.
 * @param also what belongs to that end, in the same transaction
 * @returns false when it was too late
 */
export function finishRun(
  db: Db,
  {
    tenantId,
    runId,
    chatSessionId,
    attempt,
  }: Pick<PickedRun, 'tenantId' | 'runId' | 'chatSessionId' | 'attempt'>,
  end: RunEnd,
  also: () => Promise<void> = async () => {},
): Promise<boolean> {
  return enterTenant(db, tenantId, async () => {
    // The session first, as everywhere: two that lock in different orders wait for each other.
    const session = chatSessionId
      ? await db.chatSessions.includeDeleted().findBy(stored({ tenantId, chatSessionId })).forUpdate()
      : undefined;
    // The fence. Another worker may have the run by now, although it has not begun.
    const ours = await db.runLeases.where({ ...stored({ tenantId, runId }), attempt }).delete();
    if (ours === 0) return false;
    const now = Date.now();
    const [run] = await markEnded(db, stored({ tenantId, runId }), attempt, end, now);
    if (!run) return false;
    const { status } = end;
    if (session) {
      await storeAnswer(db, run, session.messageCount, end, now);
      if (status === 'completed') await endFullSession(db, session);
    }
    if (end.heldBack) await keepOriginal(db, { tenantId, runId, attempt }, end.heldBack);
    await also();
    if (run.kind === 'product' && end.product) {
      const { provider } = end.meta;
      await db.productResults.where(stored({ tenantId, runId })).update({ ...end.product, provider });
    }
    await settleRun(db, { tenantId, runId, attempt }, end);
    return true;
  });
}

/** Last, since runs of one group wait for each other at its counters. */
async function settleRun(db: Db, of: UsageAttempt, { meta }: RunEnd): Promise<void> {
  if (of.attempt > 1) await settleLostAttempts(db, of);
  const { model = null, promptTokens = 0, completionTokens = 0 } = meta;
  await settleUsage(db, of, { model, promptTokens, completionTokens });
}

type RunKey = { tenantId: StoredId<'tenant'>; runId: StoredId<'run'> };

function markEnded(db: Db, key: RunKey, attempt: number, end: RunEnd, now: number) {
  const { status, meta, errorCode, errorMessage, firstTextAt } = end;
  return db.runs
    .where({ ...key, attempt, status: 'processing' })
    .selectAll()
    .update({
      status,
      notice: null,
      provider: meta.provider ?? null,
      model: meta.model ?? null,
      promptTokens: meta.promptTokens ?? null,
      completionTokens: meta.completionTokens ?? null,
      errorCode,
      errorMessage,
      firstTextAt,
      finishedAt: now,
    });
}
type RunRow = Awaited<ReturnType<typeof markEnded>>[number];

/** Puts the answer into the place that was reserved for it: after the part that stands there, or over it. */
async function storeAnswer(db: Db, run: RunRow, messageCount: number, end: RunEnd, now: number) {
  const { tenantId, runId, chatSessionId, messageId: questionId, answerSeq, userId, classId } = run;
  const messageId = run.answerMessageId;
  if (!messageId || !chatSessionId || !questionId || answerSeq === null) return;
  const { outcome, meta } = end;
  // Only what was tried before, or goes on, can have left something in its place.
  const known =
    run.continues || run.attempt > 1
      ? await db.messages.findByOptional(stored({ tenantId, messageId }))
      : undefined;
  if (known && run.continues) {
    // Without a new word it stands as it stood, unless the model says that this was the end.
    if (end.text === '' && end.status !== 'completed') return;
    await db.messages.where(stored({ tenantId, messageId })).update({
      text: known.text + end.text,
      outcome,
      meta: {
        ...meta,
        promptTokens: add(known.meta.promptTokens, meta.promptTokens),
        completionTokens: add(known.meta.completionTokens, meta.completionTokens),
        latencyMs: add(known.meta.latencyMs, meta.latencyMs),
      },
    });
    return;
  }
  if (end.text === '') return;
  const answer = { text: end.text, outcome, meta, shownToStaff: true };
  if (known) {
    await db.messages.where(stored({ tenantId, messageId })).update(answer);
    return;
  }
  // Its question may have been taken back while it was being written.
  const { replacedAt } = await db.messages
    .includeDeleted()
    .findBy(stored({ tenantId, messageId: questionId }));
  await db.messages.create({
    tenantId,
    messageId,
    chatSessionId,
    userId,
    classId,
    runId,
    seq: answerSeq,
    role: 'assistant',
    replacedAt,
    ...answer,
  });
  await db.chatSessions
    .includeDeleted()
    .where(stored({ tenantId, chatSessionId }))
    .update({ messageCount: messageCount + 1, lastMessageAt: now });
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}
