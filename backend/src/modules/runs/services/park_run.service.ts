import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored } from '../../../db/stored_id';
import type { Enqueue } from '../../../procedures/context';
import { releaseUsage } from '../../usage/services/reserve_usage.service';
import { performRunTask } from '../runs.event';
import type { ClaimedRun } from './claim_run.service';

/**
 * Gives a run back that the gateway asked to come again with later, and takes a turn for it then. Until that
 * moment its lease is nobody's: no worker takes it, and it counts in no share.
 * @returns false when it was taken over or is to be stopped
 */
export function parkRun(
  { db, enqueue }: { db: Db; enqueue: Enqueue },
  { tenantId, runId, attempt }: Pick<ClaimedRun, 'tenantId' | 'runId' | 'attempt'>,
  waitMs: number,
): Promise<boolean> {
  return enterTenant(db, tenantId, async () => {
    const ids = stored({ tenantId, runId });
    const run = await db.runs.findByOptional(ids).forUpdate();
    if (run?.attempt !== attempt || run.status !== 'processing') return false;
    const parked = await db.runLeases
      .where({ ...ids, attempt, cancelRequestedAt: null })
      .update({ taskId: null, leaseUntil: Date.now() + waitMs });
    if (parked === 0) return false;
    await db.runs.where(ids).update({ status: 'pending', notice: 'busy' });
    await releaseUsage(db, { tenantId, runId, attempt });
    const startAfterSeconds = Math.ceil(waitMs / 1_000);
    await enqueue(performRunTask, { tenantId, runId }, { startAfterSeconds });
    return true;
  });
}
