/**
 * `sync.await_news(seen, pause_ms, longest_ms, most_ms)`: waits until there are entries which the snapshot `seen` has not
 * seen, and says whether there are; false after `most_ms`. It pauses for `pause_ms` before each look, or for as long as the
 * look before took, up to `longest_ms`: a database that is slow to answer has as much time to itself.
 *
 * Waiting in here is what makes looking often cheap. A look is 20 µs of PostgreSQL; asked for from outside it would cost
 * the process that asks five times as much, hundreds of times a second. VOLATILE, so that every look has a snapshot of
 * its own.
 *
 * What a snapshot has not seen is what began after it and the few that were running then. Asked this way, and not from
 * its oldest running transaction on, one that stays open for a minute does not make every look read that minute.
 */
export const awaitNewsSql = `
create or replace function sync.await_news(
  seen pg_snapshot, pause_ms float8, longest_ms float8, most_ms float8
) returns boolean language plpgsql volatile
set search_path = pg_catalog, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $body$
declare
  begun timestamptz := clock_timestamp();
  ends_at timestamptz := begun + most_ms * interval '1 ms';
  next_ms float8 := pause_ms;
begin
  loop
    perform pg_sleep(next_ms / 1000);
    begun := clock_timestamp();
    if exists (select from public.sync_entry e where e.xid >= pg_snapshot_xmax(seen))
      or exists (select from pg_snapshot_xip(seen) running(xid) join public.sync_entry e on e.xid = running.xid)
    then return true; end if;
    if begun >= ends_at then return false; end if;
    next_ms := least(longest_ms, greatest(pause_ms, 1000 * extract(epoch from clock_timestamp() - begun)));
  end loop;
end $body$;`;
