import type { Pool } from 'pg';
import type { Claim } from './claim_book';
import { queueSchema as s, taskState } from './queue_names';
import { loggedColumns } from './task_log';

/** An attempt that ends sooner gets its one line in the log at its end. */
const shownAfterMs = 1_000;

const showSql = `
INSERT INTO pg_tbus_task_log (tenant_id, task_id, task_name, queue, attempt, status, started_at, worker)
SELECT tenant_id, task_id, task_name, queue, attempt, 'active'::task_log_status, started_at, worker
FROM (
  SELECT ${loggedColumns} FROM ${s}.tasks t JOIN jsonb_to_recordset($1::jsonb) AS x(id uuid, attempt int)
    ON t.id = x.id AND t.retrycount = x.attempt - 1
  WHERE t.state = ${taskState.active} AND t.claimed_by = $2
) running
ON CONFLICT (task_id, attempt) DO NOTHING`;

/** Writes attempts that take their time into the log as `active`, each once. */
export async function showActiveTasks(pool: Pool, claims: Claim[], worker: string): Promise<void> {
  const before = Date.now() - shownAfterMs;
  const long = claims.filter(({ started, shown, claimedAt }) => started && !shown && claimedAt < before);
  if (long.length === 0) return;
  const items = long.map(({ taskUuid, attempt }) => ({ id: taskUuid, attempt }));
  await pool.query(showSql, [JSON.stringify(items), worker]);
  for (const claim of long) claim.shown = true;
}
