import type { Pool } from 'pg';

/**
 * Does the work of a cron job unless any process is at that job still: one that takes longer than its slot would
 * otherwise be begun beside itself by whoever claims the next. Who dies at it lets go with its connection.
 * @param pool of the system role; gives up one connection, which lasts as long as the work
 * @returns whether it was done
 */
export async function workAlone(pool: Pool, jobName: string, work: () => Promise<unknown>): Promise<boolean> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ free: boolean }>(
      `select pg_try_advisory_lock(hashtext('cron job'), hashtext($1)) as free`,
      [jobName],
    );
    if (!rows[0]?.free) return false;
    await work();
    return true;
  } finally {
    // The lock ends with the session; to ask for its end could take for ever where the server is gone.
    client.release(true);
  }
}
