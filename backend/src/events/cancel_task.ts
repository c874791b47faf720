import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TaskId } from './define_task';
import type { Query } from './query';
import { channels, queueSchema as s, taskState } from './queue_names';
import { logAttempts, loggedColumns } from './task_log';

const cancelSql = `
WITH before AS (
  SELECT id, state FROM ${s}.tasks WHERE id = $1 AND state < ${taskState.completed} FOR UPDATE
), cancelled AS (
  UPDATE ${s}.tasks t SET state = ${taskState.cancelled}, completedon = now()
  FROM before WHERE t.id = before.id
  RETURNING ${loggedColumns}, before.state = ${taskState.active} AS ran,
    'failed' AS status, 'cancelled' AS error_code, NULL AS error_message, false AS will_retry
), stopped AS (SELECT * FROM cancelled WHERE ran),
logged AS (${logAttempts('stopped')})
SELECT task_id, pg_notify('${channels.cancel}', task_id::text) FROM cancelled`;

/**
 * Ends a task: one that waits is never started, one that runs has its signal aborted wherever it runs and its
 * result is not recorded. With the executor of a transaction all that happens at its commit.
 * @returns false when there is no such task or it has ended already
 */
export async function cancelTask(query: Query, taskId: TaskId): Promise<boolean> {
  const { rows } = await query(cancelSql, [uuidFromId('task', taskId)]);
  return rows.length === 1;
}
