import type { Pool } from 'pg';
import { z } from 'zod';
import type { Claim } from './claim_book';
import { queueSchema as s, taskState } from './queue_names';
import { logAttempts, loggedColumns } from './task_log';

/**
 * It keeps its place in the queue, and gets back the attempt it was robbed of. The number of the next attempt
 * is higher all the same: whoever watches the work must see that it starts anew.
 */
const handOverSql = `
WITH mine AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS x(id uuid, attempt int, started boolean)
), given AS (
  UPDATE ${s}.tasks t SET state = ${taskState.retry}, retrylimit = t.retrylimit + 1
  FROM mine
  WHERE t.id = mine.id AND t.state = ${taskState.active} AND t.retrycount = mine.attempt - 1 AND t.claimed_by = $2
  RETURNING ${loggedColumns}, mine.started,
    'failed' AS status, 'worker_stopped' AS error_code, NULL AS error_message, true AS will_retry
), begun AS (SELECT * FROM given WHERE started),
logged AS (${logAttempts('begun')})
SELECT DISTINCT queue FROM given`;

const GivenZod = z.array(z.object({ queue: z.string() }));

/** Gives claimed tasks back for any worker to take at once; answers with the queues they belong to. */
export async function handOverTasks(pool: Pool, claims: Claim[], worker: string): Promise<string[]> {
  if (claims.length === 0) return [];
  const mine = claims.map(({ taskUuid, attempt, started }) => ({ id: taskUuid, attempt, started }));
  const result = await pool.query(handOverSql, [JSON.stringify(mine), worker]);
  return GivenZod.parse(result.rows).map(({ queue }) => queue);
}
