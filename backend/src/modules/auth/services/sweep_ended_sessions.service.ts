import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { absoluteMs, idleMs } from '../session_rules';

/** So many at a time, since the end of each is told to all processes. */
const batch = 1_000;

/**
 * Deletes sessions that are over by the rules of `session_rules.ts`, and with them the addresses they hold.
 * @param db of the system role
 * @returns how many there were, 1,000 at the most
 */
export async function sweepEndedSessions(db: Db): Promise<number> {
  const rows = await runSql<{ id: string }>(
    db,
    `delete from auth_sessions where id in (
       select id from auth_sessions
       where expires_at < now() or created_at < now() - $1 * interval '1 ms'
         or (device_context <> 'personal' and updated_at < now() - $2 * interval '1 ms')
       limit ${batch} for update skip locked)
     returning id`,
    [absoluteMs, idleMs],
  );
  return rows.length;
}
