import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';

/** An upload nobody has gone on with for so long is not going to be. */
const abandonedAfter = '1 day';
/** Longer than a run and all its tries may take, and shorter than until the next night. */
const lostAfter = '12 hours';

/**
 * Ends runs nobody goes on with: uploads that were begun and left, and work that came to no end, as when the database
 * was away longer than the queue tried; a source that waits for it would never be asked again. Lets go of the parts
 * of their files, and of any that came too late. Run ids come from browsers, so two tenants may have the same.
 * @returns how many runs
 */
export async function sweepRosterRuns(db: Db): Promise<number> {
  const left = await runSql(
    db,
    `update roster_runs set status = 'failed', failure = 'The upload was not finished.', finished_at = now(), updated_at = now()
    where status = 'open' and work is null and created_at < now() - interval '${abandonedAfter}' returning 1`,
  );
  const lost = await runSql(
    db,
    `update roster_runs set work = null, decision = null, updated_at = now(),
      failure = 'The server did not get to it for half a day. Nothing was changed; try again.',
      finished_at = case when status = 'open' then now() else finished_at end,
      status = case when status = 'open' then 'failed' else status end
    where work is not null and updated_at < now() - interval '${lostAfter}' returning 1`,
  );
  await runSql(
    db,
    `delete from roster_packages p using roster_runs r
    where r.tenant_id = p.tenant_id and r.roster_run_id = p.roster_run_id and r.status <> 'open' and r.work is null`,
  );
  return left.length + lost.length;
}
