import { abilityFor, may } from '@raptscallions/policies/ability';
import type {
  ProductHideInputZod,
  ProductRetryInputZod,
  ProductStopInputZod,
  ProductViewRecordInputZod,
} from '@raptscallions/zod-schemas/product.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { performRunTask } from '../../runs/runs.event';
import { endOpenRun } from '../../runs/services/end_open_run.service';

/** The run of the actor's own result, locked. @throws AppError NOT_FOUND */
async function lockOwnRun({ db, tenantId, actor }: TenantContext, runId: RichId<'run'>) {
  const run = await db.runs.findByOptional(stored({ tenantId, runId })).forUpdate();
  if (run?.kind !== 'product' || run.userId !== actor.userId) {
    throw new AppError('NOT_FOUND', 'This result does not exist, or it is not yours.');
  }
  return run;
}

/** Asks once more with the same input after a failure or a stop. @throws AppError NOT_FOUND, CONFLICT */
export async function retryProduct(
  ctx: TenantContext,
  { runId }: z.output<typeof ProductRetryInputZod>,
): Promise<void> {
  const { app, db, tenantId } = ctx;
  const run = await lockOwnRun(ctx, runId);
  if (run.status === 'pending' || run.status === 'processing') return;
  if (run.status === 'completed') throw new AppError('CONFLICT', 'This has its result already.');
  await db.runs
    .where(stored({ tenantId, runId }))
    .update({ status: 'pending', errorCode: null, errorMessage: null, finishedAt: null });
  await app.enqueue(performRunTask, { tenantId, runId });
}

/** Stopped or finished already is done. @throws AppError NOT_FOUND */
export async function stopProduct(
  ctx: TenantContext,
  { runId }: z.output<typeof ProductStopInputZod>,
): Promise<void> {
  await endOpenRun(ctx.db, await lockOwnRun(ctx, runId));
}

/** Puts the actor's own result out of sight, or back. Teachers keep it. @throws AppError NOT_FOUND */
export async function hideProduct(
  ctx: TenantContext,
  { runId, hidden }: z.output<typeof ProductHideInputZod>,
): Promise<void> {
  await lockOwnRun(ctx, runId);
  await ctx.db.productResults
    .where(stored({ tenantId: ctx.tenantId, runId }))
    .update({ hiddenAt: hidden ? Date.now() : null });
}

/** Notes that the actor has opened somebody's result. @throws AppError NOT_FOUND for one they may not read */
export async function recordProductView(
  ctx: TenantContext,
  input: z.output<typeof ProductViewRecordInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const { productViewId, runId } = input;
  const result = await db.productResults.findByOptional(stored({ tenantId, runId }));
  if (!result || !may(abilityFor(actor), 'read', 'ProductResult', result)) throw new AppError('NOT_FOUND');
  // The browser's clock may be wrong or wronged; a look is never later than its report.
  const viewedAt = Math.min(input.viewedAt, Date.now());
  await db.productViews
    .create({ tenantId, productViewId, runId, viewerUserId: actor.userId, viewedAt })
    .onConflictDoNothing(['tenantId', 'productViewId']);
}
