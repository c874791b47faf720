import type {
  ChatContinueInputZod,
  ChatRegenerateInputZod,
  ChatRetryInputZod,
  ChatStopInputZod,
} from '@raptscallions/zod-schemas/chat.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { lockOwnSession } from '../../chat/services/with_session.service';
import { performRunTask } from '../runs.event';
import { endOpenRun } from './end_open_run.service';

const heldBack = 'A filter of your school held this message back. Please write it in another way.';

async function ownRun(ctx: TenantContext, runId: z.output<typeof ChatStopInputZod>['runId']) {
  const { db, tenantId, actor } = ctx;
  const run = await db.runs.findByOptional(stored({ tenantId, runId }));
  if (!run?.chatSessionId || run.userId !== actor.userId) {
    throw new AppError('NOT_FOUND', 'This answer does not exist, or it is not yours.');
  }
  const session = await lockOwnSession(ctx, run.chatSessionId);
  // Read again under the lock of its session: a worker may just have finished it.
  const now = await db.runs.findBy(stored({ tenantId, runId })).forUpdate();
  return { run: now, session };
}

/**
 * Asks for an answer once more after a failure or a stop, in the place that was reserved for it.
 * @throws AppError NOT_FOUND, CONFLICT when it was answered or written anew, or the session is over
 */
export async function retryRun(ctx: TenantContext, input: z.output<typeof ChatRetryInputZod>): Promise<void> {
  const { app, db, tenantId } = ctx;
  const { run, session } = await ownRun(ctx, input.runId);
  if (run.status === 'pending' || run.status === 'processing') return;
  if (run.status === 'completed') throw new AppError('CONFLICT', 'This was answered already.');
  if (session.status === 'completed') throw new AppError('CONFLICT', 'This chat is finished.');
  const question = run.messageId
    ? await db.messages.findByOptional(stored({ tenantId, messageId: run.messageId }))
    : undefined;
  if (question?.outcome === 'blocked') throw new AppError('CONFLICT', heldBack);
  if (question?.replacedAt) throw new AppError('CONFLICT', 'This question was written anew.');
  await db.runs.where(stored({ tenantId, runId: input.runId })).update({
    status: 'pending',
    errorCode: null,
    errorMessage: null,
    finishedAt: null,
  });
  await app.enqueue(performRunTask, { tenantId, runId: input.runId });
}

/** Stops an answer, wherever it is being written. Stopped or finished already is done. @throws AppError NOT_FOUND */
export async function stopRun(ctx: TenantContext, input: z.output<typeof ChatStopInputZod>): Promise<void> {
  const { run } = await ownRun(ctx, input.runId);
  await endOpenRun(ctx.db, run);
}

/** The last answer of a session that goes on, with the run that wrote it; the session is locked. */
async function lastAnswer(ctx: TenantContext, messageId: RichId<'message'>) {
  const { db, tenantId, actor } = ctx;
  const answer = await db.messages.findByOptional(stored({ tenantId, messageId }));
  if (answer?.role !== 'assistant' || answer.userId !== actor.userId || !answer.runId) {
    throw new AppError('NOT_FOUND', 'This answer does not exist, or it is not yours.');
  }
  const { chatSessionId } = answer;
  const session = await lockOwnSession(ctx, chatSessionId);
  if (session.status === 'completed') throw new AppError('CONFLICT', 'This chat is finished.');
  const ids = stored({ tenantId, chatSessionId });
  const later = await db.messages.where({ ...ids, seq: { gt: answer.seq }, replacedAt: null }).count();
  const open = await db.runs.where({ ...ids, status: { in: ['pending', 'processing'] } }).count();
  // Read again under the lock: it may just have been replaced, from another device for instance.
  const now = await db.messages.findBy(stored({ tenantId, messageId }));
  if (later > 0 || open > 0 || now.replacedAt !== null) {
    throw new AppError('CONFLICT', 'The chat has gone on since this answer.');
  }
  const run = await db.runs.findBy(stored({ tenantId, runId: answer.runId }));
  const question =
    run.messageId && (await db.messages.findByOptional(stored({ tenantId, messageId: run.messageId })));
  if (question && question.outcome === 'blocked') throw new AppError('CONFLICT', heldBack);
  return { answer: now, run, session };
}

/**
 * Asks for another answer in place of the last one, which leaves the conversation.
 * @throws AppError NOT_FOUND, CONFLICT when the chat has gone on or is over
 */
export async function regenerateAnswer(
  ctx: TenantContext,
  input: z.output<typeof ChatRegenerateInputZod>,
): Promise<void> {
  const { app, db, tenantId } = ctx;
  const { runId, newAnswerMessageId } = input;
  if (await isKnown(ctx, runId)) return;
  const { answer, run, session } = await lastAnswer(ctx, input.answerMessageId);
  const { chatSessionId, messageId } = answer;
  await db.messages.where(stored({ tenantId, messageId })).update({ replacedAt: Date.now() });
  const answerSeq = session.lastSeq + 1;
  await db.runs.create({
    ...placeOf(run),
    runId,
    answerMessageId: newAnswerMessageId,
    answerSeq,
  });
  await db.chatSessions
    .where(stored({ tenantId, chatSessionId }))
    .update({ lastSeq: answerSeq, lastMessageAt: Date.now() });
  await app.enqueue(performRunTask, { tenantId, runId });
}

/**
 * Lets the last answer go on where it stopped, was cut or broke off.
 * @throws AppError NOT_FOUND, CONFLICT when it has an end, or the chat has gone on or is over
 */
export async function continueAnswer(
  ctx: TenantContext,
  input: z.output<typeof ChatContinueInputZod>,
): Promise<void> {
  const { app, db, tenantId } = ctx;
  const { runId } = input;
  if (await isKnown(ctx, runId)) return;
  const { answer, run } = await lastAnswer(ctx, input.answerMessageId);
  if (answer.outcome === 'complete' || answer.outcome === 'blocked') {
    throw new AppError('CONFLICT', 'This answer has come to its end.');
  }
  const { messageId: answerMessageId, seq: answerSeq } = answer;
  await db.runs.create({ ...placeOf(run), runId, answerMessageId, answerSeq, continues: true });
  await app.enqueue(performRunTask, { tenantId, runId });
}

type Place = {
  tenantId: TenantContext['tenantId'];
  chatSessionId: RichId<'chat'> | null;
  messageId: RichId<'message'> | null;
  userId: RichId<'user'>;
  classId: RichId<'class'> | null;
  toolVersionId: RichId<'toolversion'>;
};

/** Where another run about the same question stands. */
function placeOf({ tenantId, chatSessionId, messageId, userId, classId, toolVersionId }: Place): Place {
  return { tenantId, chatSessionId, messageId, userId, classId, toolVersionId };
}

/** Asked for before: a repeated request changes nothing. @throws AppError CONFLICT for somebody else's run */
async function isKnown({ db, tenantId, actor }: TenantContext, runId: RichId<'run'>): Promise<boolean> {
  const run = await db.runs.includeDeleted().findByOptional(stored({ tenantId, runId }));
  if (run && run.userId !== actor.userId)
    throw new AppError('CONFLICT', 'A run with this id exists already.');
  return run !== undefined;
}
