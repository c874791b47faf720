/**
 * Columns of `tasks t` that every line of the log is made of, for a RETURNING clause. A tenant that is no uuid
 * (a row written by somebody else) must not stop the whole statement.
 */
export const loggedColumns = `
  t.id AS task_id, t.queue, coalesce(t.data->>'tn', '?') AS task_name, t.retrycount + 1 AS attempt,
  t.startedon AS started_at, coalesce(t.claimed_by, '?') AS worker,
  CASE WHEN pg_input_is_valid(t.data #>> '{data,m,tenantId}', 'uuid')
       THEN (t.data #>> '{data,m,tenantId}')::uuid END AS tenant_id`;

/**
 * The INSERT that logs attempts, for a WITH clause: in one statement with the change of the task itself, so
 * that log and queue never disagree.
 * @param ended a relation with `loggedColumns` and status, error_code, error_message, will_retry
 */
export function logAttempts(ended: string): string {
  return `
  INSERT INTO pg_tbus_task_log (tenant_id, task_id, task_name, queue, attempt, status, started_at, finished_at,
    error_code, error_message, will_retry, worker)
  SELECT tenant_id, task_id, task_name, queue, attempt, status::task_log_status, started_at, clock_timestamp(),
    error_code, error_message, will_retry, worker
  FROM ${ended}
  ON CONFLICT (task_id, attempt) DO UPDATE SET status = excluded.status, finished_at = excluded.finished_at,
    error_code = excluded.error_code, error_message = excluded.error_message, will_retry = excluded.will_retry`;
}
