/**
 * `sync.keep_epoch()`: the epoch of this database; a new one where this is not the place in which it was begun.
 *
 * A cursor counts transactions. In a database that came from a backup, or goes on after a failover, the same numbers
 * are given to other transactions, so a browser that came with its cursor would be told that it has seen them. Where
 * a database stands is its cluster's identifier, the timeline of its log (a recovery to a point in time and the
 * promotion of a standby begin a new one), and the numbers of the database and of this table (a dump that is read in
 * makes both anew). Migrating asks, and so does the tailer of every process that holds streams whenever it connects,
 * since a failover asks no process to start again.
 *
 * What a dump brings along may bear numbers this cluster has yet to give out; such entries would be invisible for as
 * long, so they count as written now. Files that are put back behind PostgreSQL's back (a copied directory, the
 * snapshot of a machine) leave no trace of it: there `anew` is for the operator to say, with `yarn db restored`.
 */
export const keepEpochSql = `
create function sync.keep_epoch(anew boolean default false) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
declare
  here text := (select c.system_identifier from pg_control_system() c)
    || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
    || '/' || (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    || '/' || 'public.sync_epoch'::regclass::oid;
  known public.sync_epoch;
begin
  select * into known from public.sync_epoch;
  if known.place = here and not anew then return known.epoch; end if;
  select * into known from public.sync_epoch for update;
  if known.place = here and not anew then return known.epoch; end if;
  -- An epoch from before places were kept stays, unless it has entries from elsewhere.
  if known.place is not null or anew
      or exists (select 1 from public.sync_entry e where e.xid >= pg_snapshot_xmax(pg_current_snapshot())) then
    known.epoch := gen_random_uuid();
    update public.sync_epoch set purged_xid = '0';
    update public.sync_entry set xid = pg_current_xact_id() where xid > pg_current_xact_id();
  end if;
  update public.sync_epoch set epoch = known.epoch, place = here;
  return known.epoch;
end $body$;
revoke execute on function sync.keep_epoch(boolean) from public;
grant execute on function sync.keep_epoch(boolean) to rapt_system;`;
