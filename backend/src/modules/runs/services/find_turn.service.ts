import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import type { LimitMet } from '../../usage/services/reserve_usage.service';
import type { ClaimedRun } from './claim_run.service';

const minuteMs = 60_000;
/** Turns in the queue are taken by the second, so nearer ones would come together. */
const longestStepMs = 1_000;

/**
 * $1 tenant, $2 run: how many of its class (in a trial: of its person) were there before it and wait, or are about to:
 * claims come in any order, and whoever is being claimed and has nothing reserved finds the minute full as well.
 */
const beforeSql = `
  select count(*)::int as waiting from run_leases own
  join run_leases l on l.tenant_id = own.tenant_id and l.run_id <> own.run_id
    and coalesce(l.class_id, l.user_id) = coalesce(own.class_id, own.user_id)
    and l.created_at <= own.created_at and l.lease_until > now()
    and (l.task_id is null or not exists (select from usage_entries u
      where u.tenant_id = l.tenant_id and u.run_id = l.run_id and u.attempt = l.attempt))
  where own.tenant_id = $1 and own.run_id = $2`;

/**
 * When a run that met a limit by the minute may come again. If all came at once when the minute turns, who gets
 * in would be chance, and a class of two hundred would leave nothing to the one who waits alone. So each class
 * comes one by one, at the pace of the limit, and who is beyond what a minute holds comes in a later one.
 * Whoever meets the limit holds its counter, so no two of them count at the same time.
 * @returns milliseconds since 1970
 */
export async function findTurn(
  db: Db,
  { tenantId, runId }: Pick<ClaimedRun, 'tenantId' | 'runId'>,
  { limit, opensAt }: Pick<LimitMet, 'limit' | 'opensAt'>,
): Promise<number> {
  const [row] = await runSql<{ waiting: number }>(db, beforeSql, [storedId(tenantId), storedId(runId)]);
  const place = row?.waiting ?? 0;
  const stepMs = Math.min(longestStepMs, minuteMs / limit);
  return opensAt + Math.floor(place / limit) * minuteMs + (place % limit) * stepMs;
}
