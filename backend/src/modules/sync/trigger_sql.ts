import { type SyncTableName, syncTableNames, syncTables } from '@raptscallions/zod-schemas/sync_table';
import { type Placement, placements, type TablePlacement } from './placements';
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

function placed(placement: TablePlacement, { scope, join = '', where = 'true' }: Placement): string {
  const alive = placement.softDelete ? 't.deleted_at is null and ' : '';
  return `select t.tenant_id, t.${placement.key} as row_id, t.rev, ${scope} as scope
    from touched x join public.${placement.table} t on t.tenant_id = x.tenant_id and t.${placement.key} = x.row_id
    ${join} where ${alive}(${where})`;
}

/**
 * `sync.place_<table>(tenants, ids, by_others)`: puts these rows into exactly the scopes where they stand now.
 * Under READ COMMITTED each statement in it sees what has committed, so the locks come first: without them a
 * transaction that updates a person could put back an entry that a concurrent one, which takes the person
 * out of a class, has just removed.
 */
function placeFunction(name: SyncTableName): string {
  const placement = placements[name];
  const number = syncTables[name].number;
  const lockRead = (placement.reads ?? []).map(
    ({ table, on }) => `perform 1 from public.${table} r where (r.tenant_id, r.${on}) in (
      select t.tenant_id, t.${on} from unnest(tenants, ids) x(tenant_id, row_id)
      join public.${placement.table} t on t.tenant_id = x.tenant_id and t.${placement.key} = x.row_id)
      order by r.tenant_id, r.${on} for share;`,
  );
  return `
create or replace function sync.place_${placement.table}(tenants uuid[], ids uuid[], by_others boolean) returns void
language plpgsql security definer set search_path = '' as $body$
begin
  if by_others then
    perform 1 from unnest(tenants, ids) x(tenant_id, row_id)
      join public.${placement.table} t on t.tenant_id = x.tenant_id and t.${placement.key} = x.row_id
      order by t.tenant_id, t.${placement.key} for no key update of t;
  end if;
  ${lockRead.join('\n  ')}
  with touched as (select distinct x.tenant_id, x.row_id from unnest(tenants, ids) x(tenant_id, row_id)),
  placed as (
    ${placement.placements.map((each) => placed(placement, each)).join('\n    union\n    ')}
  ),
  put as (
    insert into public.sync_entry as e (tenant_id, tbl, row_id, scope, rev, xid, del)
    select p.tenant_id, ${number}, p.row_id, p.scope, p.rev, pg_current_xact_id(), false from placed p
    on conflict (tenant_id, tbl, row_id, scope) do update
      set rev = excluded.rev, xid = excluded.xid, del = false
      where e.del or e.rev <> excluded.rev
  )
  update public.sync_entry e set del = true, xid = pg_current_xact_id()
  from touched x
  where e.tenant_id = x.tenant_id and e.tbl = ${number} and e.row_id = x.row_id and not e.del
    and not exists (
      select from placed p where p.tenant_id = e.tenant_id and p.row_id = e.row_id and p.scope = e.scope);
end $body$;`;
}

function placeDependants(name: SyncTableName): string {
  const { key } = placements[name];
  const moved = (movingColumns[name] ?? [])
    .map((column) => `o.${column} is distinct from n.${column}`)
    .join(' or ');
  return (placements[name].places ?? [])
    .map(({ table, ids }) => {
      const target = placements[table];
      const select = (source: string) =>
        `select array_agg(d.tenant_id), array_agg(d.${target.key}) into tenants, ids
        from (select distinct tenant_id, ${ids} from ${source}) s
        join public.${target.table} d on d.tenant_id = s.tenant_id and d.${ids} = s.${ids};`;
      const changed = (side: string) =>
        `select ${side}.tenant_id, ${side}.${ids} from old_rows o join new_rows n
          on n.tenant_id = o.tenant_id and n.${key} = o.${key} where ${moved}`;
      return `
  if tg_op = 'INSERT' then ${select('new_rows')}
  elsif tg_op = 'DELETE' then ${select('old_rows')}
  else ${select(`(${changed('o')} union ${changed('n')}) m`)}
  end if;
  if ids is not null then perform sync.place_${target.table}(tenants, ids, true); end if;`;
    })
    .join('');
}

/**
 * A row that was really deleted may come back under its id, by an undo for instance. It goes on counting where
 * its tombstones stopped, or a browser that missed the deletion would hold its old body for the newer one.
 */
function raiseRevOfDeletable(name: SyncTableName): string {
  const { table, key } = placements[name];
  return `
create or replace function sync.raise_rev_${table}() returns trigger
language plpgsql security definer set search_path = '' as $body$
begin
  new.rev := 1 + case when tg_op = 'UPDATE' then old.rev else coalesce((
    select max(e.rev) from public.sync_entry e
    where e.tenant_id = new.tenant_id and e.tbl = ${syncTables[name].number} and e.row_id = new.${key}), 0) end;
  return new;
end $body$;`;
}

function triggers(name: SyncTableName): string {
  const { table, key, softDelete } = placements[name];
  const raiseRev = softDelete ? 'raise_rev' : `raise_rev_${table}`;
  const own = (source: string) =>
    `select array_agg(tenant_id), array_agg(${key}) into tenants, ids from ${source};`;
  const trigger = (event: string, referencing: string) =>
    `create or replace trigger sync_${event} after ${event} on public.${table} referencing ${referencing}
  for each statement execute function sync.after_${table}();`;
  return `
create or replace function sync.after_${table}() returns trigger
language plpgsql security definer set search_path = '' as $body$
declare tenants uuid[]; ids uuid[];
begin
  if tg_op = 'DELETE' then ${own('old_rows')} else ${own('new_rows')} end if;
  if ids is null then return null; end if;
  perform sync.place_${table}(tenants, ids, false);${placeDependants(name)}
  return null;
end $body$;
create or replace trigger sync_rev before insert or update on public.${table}
  for each row execute function sync.${raiseRev}();
${trigger('insert', 'new table as new_rows')}
${trigger('update', 'old table as old_rows new table as new_rows')}
${trigger('delete', 'old table as old_rows')}`;
}

/**
 * Functions and triggers that keep `sync_entry`, as one script that may run again and again. Statement-level,
 * since row-level triggers make bulk writes four to five times slower. SECURITY DEFINER with an empty search
 * path: they work across the wall for a role that must not, and nobody can slip a table under them.
 */
export function syncTriggerSql(): string {
  return [
    'create schema if not exists sync;',
    'grant usage on schema sync to rapt_app, rapt_system;',
    `create or replace function sync.raise_rev() returns trigger language plpgsql set search_path = '' as $body$
begin
  new.rev := case when tg_op = 'INSERT' then 1 else old.rev + 1 end;
  return new;
end $body$;`,
    ...syncTableNames.map(placeFunction),
    ...syncTableNames.filter((name) => !placements[name].softDelete).map(raiseRevOfDeletable),
    ...syncTableNames.map(triggers),
    streamNoticeSql,
    // Only triggers call them; a function is open to everybody unless told otherwise.
    ...syncTableNames.map(
      (name) =>
        `revoke execute on function sync.place_${placements[name].table}(uuid[], uuid[], boolean) from public;`,
    ),
    'insert into public.sync_epoch (sync_epoch_id, epoch, purged_xid) values (1, gen_random_uuid(), 0::text::xid8) on conflict do nothing;',
  ].join('\n');
}
