/**
 * `sync.settled_snapshot()`: the current snapshot, cut off after the newest transaction that wrote an entry it sees.
 *
 * PostgreSQL counts transactions in memory. One that came to nothing, or committed without waiting for the disk,
 * is not in the log yet when the server crashes, and its id is given out again afterwards. A cursor that called
 * it seen would miss, for good, whatever is written under that id. What wrote a visible entry did wait for the
 * disk, so nothing up to it is ever given out twice; and of what comes after it this snapshot shows no entry, so a
 * cursor loses nothing by being cut off there.
 *
 * Looks between the running transactions only: their entries, of a whole roster perhaps, would all be read in vain.
 * Never below what was purged, or a cursor would be too old at its birth. STABLE: the snapshot of the statement
 * that calls.
 */
export const settledSnapshotSql = `
create or replace function sync.settled_snapshot() returns pg_snapshot
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $body$
declare
  now_seen pg_snapshot := pg_current_snapshot();
  upper_end xid8 := pg_snapshot_xmax(now_seen);
  lower_end xid8;
  newest xid8;
  cut numeric;
begin
  for lower_end in
    select r.xid from (select pg_snapshot_xip(now_seen) union all select '0'::xid8) r(xid) order by r.xid desc
  loop
    select e.xid into newest from public.sync_entry e
      where e.xid < upper_end and e.xid > lower_end order by e.xid desc limit 1;
    exit when newest is not null;
    upper_end := lower_end;
  end loop;
  select greatest(newest, s.purged_xid)::text::numeric + 1 into cut from public.sync_epoch s;
  return format('%s:%s:%s', least(pg_snapshot_xmin(now_seen)::text::numeric, cut), cut, (
    select string_agg(r.xid::text, ',' order by r.xid) from pg_snapshot_xip(now_seen) r(xid)
    where r.xid::text::numeric < cut))::pg_snapshot;
end $body$;`;
