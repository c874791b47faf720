import { abilityFor, may } from '@raptscallions/policies/ability';
import type {
  ChatCompleteInputZod,
  ChatHideInputZod,
  ChatPauseInputZod,
  TranscriptViewRecordInputZod,
} from '@raptscallions/zod-schemas/chat.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { performRunTask } from '../../runs/runs.event';
import { endSession } from './end_session.service';
import { lockOwnSession, lockSession } from './with_session.service';

/** Ends a session: the actor's own, or one of a class they teach. @throws AppError NOT_FOUND */
export async function completeSession(
  ctx: TenantContext,
  input: z.output<typeof ChatCompleteInputZod>,
): Promise<void> {
  await lockSession(ctx, input.chatSessionId);
  await endSession(ctx.db, ctx.tenantId, input.chatSessionId);
}

/**
 * Pauses a session, or takes the pause back. What is being answered goes on to its end; questions that wait
 * or come meanwhile are answered when it goes on.
 * @throws AppError NOT_FOUND, CONFLICT when it is over, FORBIDDEN for a pupil whose teacher paused it
 */
export async function pauseSession(
  ctx: TenantContext,
  { chatSessionId, paused }: z.output<typeof ChatPauseInputZod>,
): Promise<void> {
  const { app, db, tenantId, actor } = ctx;
  const session = await lockSession(ctx, chatSessionId);
  if (session.status === 'completed') throw new AppError('CONFLICT', 'This chat is finished.');
  if ((session.status === 'paused') === paused) return;
  const teaches = actor.classRoles.some(
    ({ classId, role }) => role === 'teacher' && classId === session.classId,
  );
  if (!paused && !teaches && session.pausedByUserId !== actor.userId) {
    throw new AppError('FORBIDDEN', 'Your teacher has paused this chat, and can let it go on.');
  }
  const ids = stored({ tenantId, chatSessionId });
  await db.chatSessions.where(ids).update({
    status: paused ? 'paused' : 'active',
    pausedByUserId: paused ? actor.userId : null,
    // The day after which it counts as left begins anew.
    ...(paused ? {} : { lastMessageAt: session.lastMessageAt && Date.now() }),
  });
  const waiting = paused ? undefined : await db.runs.where({ ...ids, status: 'pending' }).takeOptional();
  if (waiting) await app.enqueue(performRunTask, { tenantId, runId: waiting.runId });
}

/** Puts the actor's own session out of sight, or back. Teachers keep it until retention ends. @throws AppError NOT_FOUND */
export async function hideSession(
  ctx: TenantContext,
  input: z.output<typeof ChatHideInputZod>,
): Promise<void> {
  await lockOwnSession(ctx, input.chatSessionId);
  await ctx.db.chatSessions
    .where(stored({ tenantId: ctx.tenantId, chatSessionId: input.chatSessionId }))
    .update({ hiddenAt: input.hidden ? Date.now() : null });
}

/** Notes that the actor has opened somebody's transcript. @throws AppError NOT_FOUND for one they may not read */
export async function recordTranscriptView(
  ctx: TenantContext,
  input: z.output<typeof TranscriptViewRecordInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const { transcriptViewId, chatSessionId } = input;
  const session = await db.chatSessions.findByOptional(stored({ tenantId, chatSessionId }));
  if (!session || !may(abilityFor(actor), 'read', 'ChatSession', session)) throw new AppError('NOT_FOUND');
  // The browser's clock may be wrong or wronged; a look is never later than its report.
  const viewedAt = Math.min(input.viewedAt, Date.now());
  await db.transcriptViews
    .create({ tenantId, transcriptViewId, chatSessionId, viewerUserId: actor.userId, viewedAt })
    .onConflictDoNothing(['tenantId', 'transcriptViewId']);
}
