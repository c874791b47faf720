import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored } from '../../../db/stored_id';
import type { Enqueue } from '../../../procedures/context';
import { releaseUsage } from '../../usage/services/reserve_usage.service';
import { performRunTask } from '../runs.event';
import type { ClaimedRun } from './claim_run.service';

/** Beyond this, all waits together, nobody would wait any more. */
const longestWaitMs = 15 * 60_000;

/**
 * Gives a run back that may go on later, because the gateway or a limit by the minute says so, and takes a turn
 * for it then. Until that moment its lease is nobody's: no worker takes it, and it counts in no share.
 * @param until milliseconds since 1970
 * @returns false when it would wait too long, was taken over or is to be stopped
 */
export function parkRun(
  { db, enqueue }: { db: Db; enqueue: Enqueue },
  { tenantId, runId, attempt, takenUpAt }: Pick<ClaimedRun, 'tenantId' | 'runId' | 'attempt' | 'takenUpAt'>,
  until: number,
): Promise<boolean> {
  if (until - takenUpAt > longestWaitMs) return Promise.resolve(false);
  return enterTenant(db, tenantId, async () => {
    const ids = stored({ tenantId, runId });
    const run = await db.runs.findByOptional(ids).forUpdate();
    if (run?.attempt !== attempt || run.status !== 'processing') return false;
    const parked = await db.runLeases
      .where({ ...ids, attempt, cancelRequestedAt: null })
      .update({ taskId: null, leaseUntil: until });
    if (parked === 0) return false;
    await db.runs.where(ids).update({ status: 'pending', notice: 'busy' });
    await releaseUsage(db, { tenantId, runId, attempt });
    // One more than it takes: whoever comes too early finds nothing, and the transaction's clock began before ours.
    const startAfterSeconds = Math.max(1, Math.ceil((until - Date.now()) / 1_000) + 1);
    await enqueue(performRunTask, { tenantId, runId }, { startAfterSeconds });
    return true;
  });
}
