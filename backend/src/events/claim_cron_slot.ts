import { hostname } from 'node:os';
import type { Query } from './query';

/**
 * Takes a cron job's slot for the caller. The table's primary key lets one process have it, also when the
 * clocks of several ring at once or a slow one comes after the job was done.
 * @param slotEpochMs the time the job was due, milliseconds since 1970, the same in every process
 * @returns true for the one who is to run the job
 */
export async function claimCronSlot(query: Query, jobName: string, slotEpochMs: number): Promise<boolean> {
  const { rows } = await query(
    `INSERT INTO cron_slots (job_name, slot, claimed_by) VALUES ($1, to_timestamp($2::float8 / 1000), $3)
     ON CONFLICT (job_name, slot) DO NOTHING RETURNING job_name`,
    [jobName, slotEpochMs, `${hostname()}:${process.pid}`],
  );
  return rows.length === 1;
}
