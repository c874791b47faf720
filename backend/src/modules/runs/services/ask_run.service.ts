import type { ChatRetryInputZod, ChatStopInputZod } from '@raptscallions/zod-schemas/chat.zod';
import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { lockOwnSession } from '../../chat/services/with_session.service';
import { stopChannel } from '../channels';

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
 * @throws AppError NOT_FOUND, CONFLICT when it is being answered, or the session is over
 */
export async function retryRun(ctx: TenantContext, input: z.output<typeof ChatRetryInputZod>): Promise<void> {
  const { app, db, tenantId } = ctx;
  const { run, session } = await ownRun(ctx, input.runId);
  if (run.status === 'pending' || run.status === 'processing') return;
  if (run.status === 'completed') throw new AppError('CONFLICT', 'This was answered already.');
  if (session.status === 'completed') throw new AppError('CONFLICT', 'This chat is finished.');
  await db.runs.where(stored({ tenantId, runId: input.runId })).update({
    status: 'pending',
    errorCode: null,
    errorMessage: null,
    finishedAt: null,
  });
  await app.enqueue({ name: 'perform_run', input: { tenantId, runId: input.runId } });
}

/**
 * Stops an answer: one that waits ends at once; one that is being written is told to stop, by a row that no
 * worker can miss and a notification that reaches it right away. Stopped or finished already is done.
 * @throws AppError NOT_FOUND
 */
export async function stopRun(ctx: TenantContext, input: z.output<typeof ChatStopInputZod>): Promise<void> {
  const { db, tenantId } = ctx;
  const { run } = await ownRun(ctx, input.runId);
  const now = Date.now();
  const ids = stored({ tenantId, runId: input.runId });
  const asked =
    run.status === 'processing'
      ? await db.runLeases.where(ids).update({ cancelRequestedAt: now })
      : await db.runLeases.where(ids).delete();
  if (run.status === 'pending' || (run.status === 'processing' && asked === 0)) {
    await db.runs.where(ids).update({ status: 'cancelled', finishedAt: now });
  } else if (run.status === 'processing') {
    await runSql(db, 'select pg_notify($1, $2)', [stopChannel, uuidFromId('run', input.runId)]);
  }
}
