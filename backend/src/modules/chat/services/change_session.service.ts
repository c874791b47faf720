import { abilityFor, may } from '@raptscallions/policies/ability';
import type {
  ChatCompleteInputZod,
  ChatHideInputZod,
  TranscriptViewRecordInputZod,
} from '@raptscallions/zod-schemas/chat.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { lockOwnSession } from './with_session.service';

/** Ends the actor's own session. @throws AppError NOT_FOUND */
export async function completeSession(
  ctx: TenantContext,
  input: z.output<typeof ChatCompleteInputZod>,
): Promise<void> {
  const session = await lockOwnSession(ctx, input.chatSessionId);
  if (session.status === 'completed') return;
  await ctx.db.chatSessions
    .where(stored({ tenantId: ctx.tenantId, chatSessionId: input.chatSessionId }))
    .update({ status: 'completed', completedAt: Date.now() });
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
