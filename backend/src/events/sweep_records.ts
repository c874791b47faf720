import type { Query } from './query';

/** What became of a task is kept for a week. */
const taskLogKept = '7 days';
/** Longer than the clocks of two processes differ and than any slot lasts. */
const cronSlotsKept = '1 day';

/** Deletes the log of tasks that ended long ago, and the slots of cron jobs nobody can want any more. */
export async function sweepRecords(query: Query): Promise<void> {
  await query(
    `DELETE FROM pg_tbus_task_log WHERE status <> 'active' AND started_at < now() - interval '${taskLogKept}'`,
    [],
  );
  await query(`DELETE FROM cron_slots WHERE slot < now() - interval '${cronSlotsKept}'`, []);
}
