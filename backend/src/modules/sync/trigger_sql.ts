import { type SyncTableName, syncTableNames, syncTables } from '@raptscallions/zod-schemas/sync_table';
import { awaitNewsSql } from './await_news_sql';
import { heldPlacingSql, holdGiven, holdRows, isHeld, saysHeld } from './held_placing_sql';
import { keepEpochSql } from './keep_epoch_sql';
import { lockReads, placed, putEntries } from './placed_sql';
import { placements } from './placements';
import { givenScope, placeByFunctions, placeByName } from './scoped_placing_sql';
import { settledSnapshotSql } from './settled_snapshot_sql';
import { streamNoticeSql } from './stream_notice';

/**
 * Columns whose change moves dependants. Only these re-place them: a renamed class, or the message count of a
 * session, which changes with every message, must not touch a thousand rows.
 */
const movingColumns: Partial<Record<SyncTableName, string[]>> = {
  classes: ['group_id', 'deleted_at'],
  chatSessions: ['hidden_at'],
  assignments: ['class_id', 'tool_id', 'tool_version_id', 'deleted_at'],
  classMembers: ['class_id', 'user_id'],
  groupMembers: ['group_id', 'user_id'],
};

/**
 * Plans are kept for a session and made for the first statement that comes along, be it one row or a whole roster.
 * With an index for every step they fit both; a scan or a hash made for one size is ruinous for the other. So is a walk
 * through an index from its beginning, which the planner takes for cheaper than some hundred look-ups as long as it
 * counts their pages as read from a disk: those of entries are in memory.
 */
const settings = `security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_hashjoin = off
set enable_mergejoin = off set enable_nestloop = on set enable_material = off set enable_bitmapscan = off set join_collapse_limit = 1 set plan_cache_mode = force_generic_plan set jit = off set random_page_cost = 0.05`;

/**
 * Rows of which each then looks up its own entries, by `tbl` of theirs and not by a constant: with one the planner can
 * also begin at the entries, all of the table's, and go through the rows once for each. It does so where sync_entry
 * was filled a moment ago and has no statistics, and a session keeps that plan (250 rows of 2,000: 230 ms for 5).
 */
function withTable(name: SyncTableName, source: string, columns: string): string {
  return `(select ${columns}, ${syncTables[name].number}::smallint as tbl from ${source} offset 0)`;
}

/** `sync.place_<table>(tenants, ids)`: puts these rows into exactly the scopes where they stand now. */
function placeFunction(name: SyncTableName): string {
  const { table, key } = placements[name];
  const { number } = syncTables[name];
  const rows = `touched x join public.${table} t on t.tenant_id = x.tenant_id and t.${key} = x.row_id`;
  const given = 'unnest(tenants, ids) x(tenant_id, row_id)';
  return `
create function sync.place_${table}(tenants uuid[], ids uuid[]) returns void language plpgsql ${settings} as $body$
begin
  if ${isHeld} then
    ${holdRows(name, given, 'row_id', false)}
    return;
  end if;
  perform 1 from ${rows.replace('touched x', given)} order by t.tenant_id, t.${key} for no key update of t;
  ${lockReads(name, rows.replace('touched x', given))}
  with touched as materialized (select distinct x.tenant_id, x.row_id, ${number}::smallint as tbl from ${given}),
  placed as materialized (
    ${placed(name, rows)}
  ),
  -- Whoever joins one class stays in nine; an upsert that changes nothing would still lock, and write, those nine.
  news as (
    select p.* from placed p where not exists (select from public.sync_entry e where e.tenant_id = p.tenant_id
      and e.tbl = ${number} and e.row_id = p.row_id and e.scope = p.scope and e.rev = p.rev and not e.del)
  ),
  put as (${putEntries(name, 'news')})
  update public.sync_entry e set del = true, xid = pg_current_xact_id()
  from (
    select e.tenant_id, e.tbl, e.row_id, e.scope from touched x
    join public.sync_entry e on e.tenant_id = x.tenant_id and e.tbl = x.tbl and e.row_id = x.row_id and not e.del
    except select p.tenant_id, ${number}::smallint, p.row_id, p.scope from placed p
  ) left_ where e.tenant_id = left_.tenant_id and e.tbl = left_.tbl and e.row_id = left_.row_id and e.scope = left_.scope;
end $body$;
revoke execute on function sync.place_${table}(uuid[], uuid[]) from public;`;
}

/** `sync.place_new_<table>(tenants, ids)`: the same for rows that this transaction has made, which stand nowhere yet. */
function placeNewFunction(name: SyncTableName): string {
  const { table, key } = placements[name];
  const rows = `unnest(tenants, ids) x(tenant_id, row_id) join public.${table} t on t.tenant_id = x.tenant_id and t.${key} = x.row_id`;
  return `
create function sync.place_new_${table}(tenants uuid[], ids uuid[]) returns void language plpgsql ${settings} as $body$
begin
  ${lockReads(name, rows)}
  ${putEntries(name, `(${placed(name, rows)})`)};
end $body$;
revoke execute on function sync.place_new_${table}(uuid[], uuid[]) from public;`;
}

/** Places rows of another table that are named by those of `source`. */
function placeNamed(target: SyncTableName, on: string, source: string): string {
  const { table, key } = placements[target];
  // Where it is named by its key, placing looks it up anyway.
  const find = on === key ? '' : `join public.${table} d on d.tenant_id = s.tenant_id and d.${on} = s.${on}`;
  const found = find === '' ? 's' : 'd';
  return `
  select array_agg(${found}.tenant_id), array_agg(${found}.${key}) into tenants, ids from (${source}) s ${find};
  if ids is not null then perform sync.place_${table}(tenants, ids); end if;`;
}

/** Rows of other tables that those which have come, or gone, place. */
function placeOthers(name: SyncTableName, rows: 'new_rows' | 'old_rows'): string {
  const { places = [], key } = placements[name];
  return (
    places
      // What refers to a row by its key cannot be there before the row is, nor after.
      .filter(({ ids }) => ids !== key)
      .map(({ table: target, ids: on }) => {
        const given = givenScope(name, target);
        if (!given) return placeNamed(target, on, `select distinct tenant_id, ${on} from ${rows}`);
        // New rows are noted anyway, and at the end they tell it themselves.
        const hold = rows === 'old_rows' ? `\n  else${holdGiven(name, target, rows)}` : '';
        return `
  if not ${isHeld} then
    select array_agg(s.tenant_id), array_agg(s.${on}), array_agg(s.${given.by}) into tenants, ids, given from ${rows} s;
    if ids is not null then perform ${placeByName(name, target)}(tenants, ids, given); end if;${hold}
  end if;`;
      })
      .join('')
  );
}

/** Rows of other tables that those which have changed place, or have placed. */
function placeMoved(name: SyncTableName, moved: (ids: string) => string): string {
  const { places = [] } = placements[name];
  return places.map(({ table, ids }) => placeNamed(table, ids, moved(ids))).join('');
}

/** Columns of a row that decide where it stands: those its placements mention. */
function placingColumns(name: SyncTableName): string[] {
  const { placements: all, key, softDelete } = placements[name];
  const text = all.map(({ scope, join = '', where = '' }) => `${scope} ${join} ${where}`).join(' ');
  const mentioned = [...text.matchAll(/\bt\.(\w+)/g)].map(([, column = '']) => column);
  const columns = new Set([
    ...mentioned,
    ...(softDelete ? ['deleted_at'] : []),
    ...(movingColumns[name] ?? []),
  ]);
  return [...columns].filter((column) => column !== key && column !== 'tenant_id');
}

/**
 * `sync.after_<table>()`. Nearly every statement is one of two cheap ones: new rows, which cannot stand anywhere
 * yet, and rows that change where they stand, whose entries only get the new rev.
 */
function triggerFunction(name: SyncTableName): string {
  const { table, key } = placements[name];
  const moving = (movingColumns[name] ?? []).join(', ');
  const columns = ['tenant_id', key, ...placingColumns(name)].join(', ');
  // EXCEPT compares all rows in one pass, whatever their number, and null with null.
  const changed = (from: string, other: string, what: string) =>
    `select ${what} from ${from} except select ${what} from ${other}`;
  const moved = (ids: string) =>
    ['old_rows', 'new_rows']
      .map((from) => {
        const other = from === 'old_rows' ? 'new_rows' : 'old_rows';
        const what = [...new Set(['tenant_id', key, ids, ...(movingColumns[name] ?? [])])].join(', ');
        return `select m.tenant_id, m.${ids} from (${changed(from, other, what)}) m`;
      })
      .join(' union ');
  return `
create function sync.after_${table}() returns trigger language plpgsql ${settings} as $body$
declare tenants uuid[]; ids uuid[]; given uuid[];
begin
  if tg_op = 'INSERT' then
    if ${isHeld} then
      ${holdRows(name, 'new_rows', key, true)}
    else
      ${lockReads(name, 'new_rows t')}
      ${putEntries(name, `(${placed(name, 'new_rows t')})`)};
    end if;${placeOthers(name, 'new_rows')}
  elsif tg_op = 'DELETE' then
    update public.sync_entry e set del = true, xid = pg_current_xact_id() from ${withTable(name, 'old_rows', `tenant_id, ${key}`)} o
    where e.tenant_id = o.tenant_id and e.tbl = o.tbl and e.row_id = o.${key} and not e.del;${placeOthers(name, 'old_rows')}
  elsif exists (${changed('new_rows', 'old_rows', columns)}) then
    select array_agg(n.tenant_id), array_agg(n.${key}) into tenants, ids from new_rows n;
    perform sync.place_${table}(tenants, ids);${moving && placeMoved(name, moved)}
  else
    update public.sync_entry e set rev = n.rev, xid = pg_current_xact_id() from ${withTable(name, 'new_rows', `tenant_id, ${key}, rev`)} n
    where e.tenant_id = n.tenant_id and e.tbl = n.tbl and e.row_id = n.${key} and not e.del;
  end if;
  return null;
end $body$;`;
}

/**
 * A row that was really deleted may come back under its id, by an undo for instance. It goes on counting where
 * its tombstones stopped, or a browser that missed the deletion would hold its old body for the newer one.
 * Asked for each row, and planned when the table was empty: a scan would go through all of a first roster each time.
 */
function raiseRevOfDeletable(name: SyncTableName): string {
  const { table, key } = placements[name];
  return `
create function sync.continue_rev_${table}() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off as $body$
begin
  new.rev := 1 + coalesce((
    select max(e.rev) from public.sync_entry e
    where e.tenant_id = new.tenant_id and e.tbl = ${syncTables[name].number} and e.row_id = new.${key}), 0);
  return new;
end $body$;`;
}

function triggers(name: SyncTableName): string {
  const { table, softDelete } = placements[name];
  const after = (event: string, referencing: string) =>
    `create trigger sync_${event} after ${event} on public.${table} referencing ${referencing}
  for each statement execute function sync.after_${table}();`;
  const onInsert = softDelete
    ? `when (new.rev <> 1) execute function sync.start_rev()`
    : `when (not ${saysHeld}) execute function sync.continue_rev_${table}()`;
  return `
create trigger sync_rev_insert before insert on public.${table} for each row ${onInsert};
create trigger sync_rev_update before update on public.${table} for each row execute function sync.raise_rev();
${after('insert', 'new table as new_rows')}
${after('update', 'old table as old_rows new table as new_rows')}
${after('delete', 'old table as old_rows')}`;
}

/**
 * Functions and triggers that keep `sync_entry`, as one script that may run again and again. Statement-level,
 * since row-level triggers make bulk writes four to five times slower. SECURITY DEFINER, and what belongs to a
 * session is looked for last: they work across the wall for a role that must not, and nobody can slip a table or a
 * type under them.
 */
export function syncTriggerSql(): string {
  return [
    // Whatever an earlier version had made goes, its triggers too; nobody sees a moment without them.
    'drop schema if exists sync cascade;',
    'create schema sync;',
    'grant usage on schema sync to rapt_app, rapt_system;',
    `create function sync.raise_rev() returns trigger language plpgsql as $body$
begin
  new.rev := greatest(old.rev + 1, new.rev);
  return new;
end $body$;
create function sync.start_rev() returns trigger language plpgsql as $body$
begin
  new.rev := 1;
  return new;
end $body$;`,
    ...syncTableNames.map(placeFunction),
    ...syncTableNames.map(placeNewFunction),
    ...syncTableNames.flatMap((name) => placeByFunctions(name, settings)),
    ...syncTableNames.filter((name) => !placements[name].softDelete).map(raiseRevOfDeletable),
    ...syncTableNames.map(triggerFunction),
    ...syncTableNames.map(triggers),
    heldPlacingSql,
    settledSnapshotSql,
    awaitNewsSql,
    keepEpochSql,
    streamNoticeSql,
    'insert into public.sync_epoch (sync_epoch_id, epoch, purged_xid) values (1, gen_random_uuid(), 0::text::xid8) on conflict do nothing;',
  ].join('\n');
}
