import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';

/** An upload nobody has gone on with for so long is not going to be. */
const abandonedAfter = '1 day';

/** Ends uploads that were begun and left, with the parts of their files. @returns how many */
export async function sweepRosterUploads(db: Db): Promise<number> {
  return db.$transaction(async () => {
    const left = await runSql<{ run: string }>(
      db,
      `update roster_runs set status = 'failed', failure = 'The upload was not finished.', finished_at = now(), updated_at = now()
      where status = 'open' and work is null and created_at < now() - interval '${abandonedAfter}' returning roster_run_id as run`,
    );
    await runSql(db, 'delete from roster_packages where roster_run_id = any ($1::uuid[])', [
      left.map(({ run }) => run),
    ]);
    return left.length;
  });
}
