import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { sessionStands } from '../session_rows';

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
       select s.id from auth_sessions s where not (${sessionStands})
       limit ${batch} for update skip locked)
     returning id`,
  );
  return rows.length;
}
