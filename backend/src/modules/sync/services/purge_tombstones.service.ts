import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';

const hourMs = 3_600_000;
/** A browser that was away for longer begins anew. */
const keptMs = 30 * 24 * hourMs;
const batchSize = 10_000;

/** Read after the snapshot was taken: whatever is older than its xmin was over by then. */
const markSql = `
  insert into sync_marks (marked_at, epoch, xid)
  select clock_timestamp(), epoch, pg_snapshot_xmin(pg_current_snapshot()) from sync_epoch s
  where not exists (select from sync_marks m
    where m.epoch = s.epoch and m.marked_at > now() - $1 * interval '1 ms')
  on conflict do nothing`;

/**
 * Takes out the oldest tombstones and writes down the highest of them in one statement: a cursor that has not seen
 * that one is refused in the very snapshot in which the tombstone is missing.
 */
const purgeSql = `
  with oldest as (
    select tenant_id, tbl, row_id, scope from sync_entry
    where del and xid >= $1::xid8 and xid < $2::xid8 order by xid limit ${batchSize}
  ), purged as (
    delete from sync_entry e using oldest o
    where e.tenant_id = o.tenant_id and e.tbl = o.tbl and e.row_id = o.row_id and e.scope = o.scope
      and e.del and e.xid < $2::xid8
    returning e.xid
  ), highest as (
    update sync_epoch s set purged_xid = p.xid from (select xid from purged order by xid desc limit 1) p
    where p.xid > s.purged_xid
  )
  select count(*)::integer as purged from purged`;

/**
 * Removes the entries of rows that left their scope longer ago than every browser needs to know. The age is that
 * of the commit: what a transaction wrote that was open at the mark stays, however long ago it began.
 * @param db of the system role
 * @param options milliseconds: how long tombstones are kept, and how far apart marks are, which is how much
 *   longer they may be kept
 * @returns how many were removed
 */
export async function purgeTombstones(
  db: Db,
  options: { keptMs: number; markEveryMs: number } = { keptMs, markEveryMs: hourMs },
): Promise<number> {
  await runSql(db, markSql, [options.markEveryMs]);
  const [mark] = await runSql<{ marked_at: Date; xid: string; from: string }>(
    db,
    `select m.marked_at, m.xid::text as xid, coalesce((
       select d.xid from sync_marks d where d.epoch = s.epoch and d.purged order by d.marked_at desc limit 1
     )::text, '0') as from
     from sync_marks m join sync_epoch s on s.epoch = m.epoch
     where not m.purged and m.marked_at <= now() - $1 * interval '1 ms' order by m.marked_at desc limit 1`,
    [options.keptMs],
  );
  if (!mark) return 0;
  let removed = 0;
  for (;;) {
    const [batch] = await runSql<{ purged: number }>(db, purgeSql, [mark.from, mark.xid]);
    removed += batch?.purged ?? 0;
    if (!batch || batch.purged < batchSize) break;
  }
  await runSql(
    db,
    `with older as (delete from sync_marks where marked_at < $1)
     update sync_marks set purged = true where marked_at = $1`,
    [mark.marked_at],
  );
  return removed;
}
