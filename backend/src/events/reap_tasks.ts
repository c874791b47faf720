import type { Pool } from 'pg';
import { z } from 'zod';
import { livenessLockClass, queueSchema as s, taskState } from './queue_names';
import { logAttempts, loggedColumns } from './task_log';

/**
 * A worker that is neither connected nor heard of for this long is dead: two beats and a little. One that is only
 * very busy keeps its connection, and with it its lock.
 */
const deadAfterMs = 750;
/** One that still holds its lock may be paused, or only very busy: it is given more time. */
const pausedAfterMs = 30_000;

/**
 * Takes tasks from workers that died or hang, and from those that outstayed their deadline by a minute without
 * their worker noticing. The attempt counts: a task that kills its workers must come to an end.
 */
const reapSql = `
WITH lost AS MATERIALIZED (
  SELECT t.id, t.startedon + t.expirein < now() AS overdue
  FROM ${s}.tasks t LEFT JOIN ${s}.rapt_workers w ON w.worker = t.claimed_by
  WHERE t.state = ${taskState.active} AND t.claimed_by IS NOT NULL AND (
    t.startedon + t.expirein < now()
    OR coalesce(w.seen, '-infinity') < now() - $2 * interval '1ms'
    OR coalesce(w.seen, '-infinity') < now() - $1 * interval '1ms' AND NOT EXISTS (
      SELECT FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.classid = ${livenessLockClass} AND l.objid = w.lock_key::oid
        AND l.objsubid = 2 AND l.granted
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())))
  FOR UPDATE OF t SKIP LOCKED
), reaped AS (
  UPDATE ${s}.tasks t SET
    state = CASE WHEN t.retrycount < t.retrylimit THEN ${taskState.retry} ELSE ${taskState.failed} END,
    completedon = CASE WHEN t.retrycount < t.retrylimit THEN NULL ELSE now() END,
    keepuntil = CASE WHEN t.retrycount < t.retrylimit THEN t.keepuntil
      ELSE greatest(t.keepuntil, now() + interval '30 days') END,
    startafter = now(),
    output = jsonb_build_object('code', CASE WHEN lost.overdue THEN 'deadline_exceeded' ELSE 'worker_lost' END)
  FROM lost WHERE t.id = lost.id
  RETURNING ${loggedColumns}, 'failed' AS status, t.output->>'code' AS error_code, NULL AS error_message,
    t.state = ${taskState.retry} AS will_retry
), logged AS (${logAttempts('reaped')}),
-- Names of workers long gone, and of no use to anybody.
forgotten AS (DELETE FROM ${s}.rapt_workers WHERE seen < now() - interval '1 hour')
SELECT queue, count(*)::int AS count FROM reaped GROUP BY queue`;

const ReapedZod = z.array(z.object({ queue: z.string(), count: z.number() }));

/** Frees the tasks of dead workers; the answer says how many of which queue. */
export async function reapTasks(pool: Pool): Promise<{ queue: string; count: number }[]> {
  const result = await pool.query({ name: 'rapt_reap', text: reapSql, values: [deadAfterMs, pausedAfterMs] });
  return ReapedZod.parse(result.rows);
}
