import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';

/** As long as tombstones of sync: whoever was away for a month has to look anew at everything. */
const keptFor = '30 days';
/** Rows a statement deletes: a first load has a million, and nothing may wait for all of them. */
const batch = 10_000;
/** Runs that were marked longer ago have nothing left, and there are more of them every night. */
const sweptWithin = '7 days';

/**
 * Lets go of what runs did to single records when that is a month old: it names people, and is there to be looked at
 * and taken back. The last applied run of each source keeps it, as that one can be taken back at any time; a run
 * that has waited so long for a decision is discarded. The runs stay, with their counts.
 * @returns how many records were let go
 */
export async function sweepRosterRecords(db: Db): Promise<number> {
  // Marked first: from then on nobody decides about the run or takes it back, however long the rest takes.
  await runSql(
    db,
    `update roster_runs r set records_kept = false, updated_at = now(),
      status = case when r.status in ('held', 'diffed') then 'discarded' else r.status end
    where r.records_kept and r.work is null and r.status <> 'open'
      and coalesce(r.finished_at, r.created_at) < now() - interval '${keptFor}'
      and not (r.status = 'applied' and not exists (select from roster_runs later where later.tenant_id = r.tenant_id
        and later.roster_source_id = r.roster_source_id and later.status = 'applied'
        and (later.finished_at, later.roster_run_id) > (r.finished_at, r.roster_run_id)))`,
  );
  for (let swept = 0; ; ) {
    const gone = await runSql(
      db,
      `delete from roster_diffs d using (
        select x.* from roster_runs r cross join lateral (
          select x.tenant_id, x.roster_run_id, x.entity, x.sourced_id from roster_diffs x
          where x.tenant_id = r.tenant_id and x.roster_run_id = r.roster_run_id limit ${batch}
        ) x where not r.records_kept and r.updated_at > now() - interval '${sweptWithin}' limit ${batch}
      ) old where d.tenant_id = old.tenant_id and d.roster_run_id = old.roster_run_id and d.entity = old.entity
        and d.sourced_id = old.sourced_id returning 1`,
    );
    swept += gone.length;
    if (gone.length < batch) return swept;
  }
}
