import { type SyncTableName, syncTableNames, syncTables } from '@raptscallions/zod-schemas/sync_table';
import { lockReads, placedInOrder } from './placed_sql';
import { placements } from './placements';
import { givenScope, placeByName, scopesGivenBy } from './scoped_placing_sql';

/**
 * From so many new rows of a table on, and this share of what it had, they are joined as sets; fewer are looked up by
 * their keys, as a set is read whole for whatever is joined with it.
 */
const manyRows = 2_000;
const manyOf = 0.05;

/** Whether this transaction says that it places its rows at its end. Anybody can say so. */
export const saysHeld = `coalesce(current_setting('sync.placing', true), '') = 'held'`;

/**
 * Whether it does, for functions that act as their owner: then it has the tables `sync_held` and `sync_given`, made
 * by `sync.hold_placing()`. Those of anybody else could have triggers, which would act as the owner too.
 */
export const isHeld = `(${saysHeld} and sync.check_held())`;

/** @param fresh the rows were made by this transaction, so that no other can have placed them */
export function holdRows(name: SyncTableName, source: string, key: string, fresh: boolean): string {
  return `insert into pg_temp.sync_held select ${syncTables[name].number}, tenant_id, ${key}, ${fresh} from ${source};`;
}

/** Notes that rows of `source`, which are gone, gave scopes to rows of another table. */
export function holdGiven(name: SyncTableName, target: SyncTableName, source: string): string {
  const given = givenScope(name, target);
  if (!given) return '';
  return `
    insert into pg_temp.sync_given select ${syncTables[name].number}, ${syncTables[target].number}, s.tenant_id, s.${given.id}, s.${given.by} from ${source} s;`;
}

/**
 * Notes the scopes that new rows of a table give to rows of others: to a pupil who joins one class nothing else
 * happens, however many others there are.
 */
function holdGivenByNew(name: SyncTableName): string {
  const { table, key } = placements[name];
  const { number } = syncTables[name];
  const given = scopesGivenBy(name);
  if (given.length === 0) return '';
  // Rows that name the same person by the same columns are read once for all that they give.
  const targetsOf = new Map<string, SyncTableName[]>();
  for (const { target, id, by } of given) {
    const columns = `t.${id}, t.${by}`;
    targetsOf.set(columns, [...(targetsOf.get(columns) ?? []), target]);
  }
  const note = (rows: string) =>
    [...targetsOf]
      .map(([columns, targets]) => {
        const numbers = targets.map((target) => `(${syncTables[target].number}::smallint)`).join(', ');
        return `
    insert into pg_temp.sync_given select ${number}, g.* from (select v.tbl, t.tenant_id, ${columns}
      from ${rows} cross join (values ${numbers}) v(tbl) where x.tbl = ${number} and (x.fresh or x.back)) g(tbl, tenant_id, row_id, by)
    where not exists (select from pg_temp.sync_once o
      where o.tbl in (${targets.map((target) => syncTables[target].number).join(', ')}) and o.tbl = g.tbl and o.tenant_id = g.tenant_id and o.row_id = g.row_id);`;
      })
      .join('');
  return `
  if ${number} = any(many) then${note(`pg_temp.sync_once x join public.${table} t on t.tenant_id = x.tenant_id and t.${key} = x.row_id`)}
  elsif ${number} = any(few || back) then${note(`pg_temp.sync_once x cross join lateral (select s.* from public.${table} s
      where s.tenant_id = x.tenant_id and s.${key} = x.row_id offset 0) t`)}
  end if;`;
}

/** Places rows, unless they are placed whole, by the rows that came or went and give them scopes. */
function placeGiven(source: SyncTableName): string {
  return scopesGivenBy(source)
    .map(
      ({ target }) => `
  select array_agg(s.tenant_id), array_agg(s.row_id), array_agg(s.by) into tenants, ids, given
  from (select distinct tenant_id, row_id, by from pg_temp.sync_given where source = ${syncTables[source].number} and tbl = ${syncTables[target].number}) s
  where not exists (select from pg_temp.sync_once x where x.tbl = ${syncTables[target].number} and x.tenant_id = s.tenant_id and x.row_id = s.row_id);
  if ids is not null then perform ${placeByName(source, target)}(tenants, ids, given); end if;`,
    )
    .join('');
}

/**
 * Which tables have rows of which kind: `many` or `few` that are new, some that came `back`, some that were `there`.
 * Counted once, as they may be millions.
 */
const countRows = `
  select coalesce(array_agg(k.tbl) filter (where k.fresh >= k.many), '{}'), coalesce(array_agg(k.tbl) filter (where k.fresh between 1 and k.many - 1), '{}'),
    coalesce(array_agg(k.tbl) filter (where k.back > 0), '{}'), coalesce(array_agg(k.tbl) filter (where k.there > 0), '{}')
  into many, few, back, there
  from (
    select x.tbl, count(*) filter (where x.fresh) as fresh, count(*) filter (where x.back) as back,
      count(*) filter (where not x.fresh) as there, (select greatest(${manyRows}, ${manyOf} * c.reltuples)::bigint
        from (values ${syncTableNames
          .map((name) => `(${syncTables[name].number}, 'public.${placements[name].table}'::regclass)`)
          .join(', ')}) t(tbl, oid) join pg_catalog.pg_class c on c.oid = t.oid where t.tbl = x.tbl) as many
    from pg_temp.sync_once x group by x.tbl
  ) k;`;

/** Rows that came back under the id of one that was deleted count on from its tombstones. */
function continueRevs(name: SyncTableName): string {
  const { table, key, softDelete } = placements[name];
  if (softDelete) return '';
  return `
  if ${syncTables[name].number} = any(back) then
    update public.${table} t set rev = 1 + b.rev from (
      select x.tenant_id, x.row_id, (select max(e.rev) from public.sync_entry e
        where e.tenant_id = x.tenant_id and e.tbl = x.tbl and e.row_id = x.row_id) as rev
      from pg_temp.sync_once x where x.tbl = ${syncTables[name].number} and x.back
    ) b where t.tenant_id = b.tenant_id and t.${key} = b.row_id and t.rev <= b.rev;
  end if;`;
}

function placeHeld(name: SyncTableName): string {
  const { table, key } = placements[name];
  const { number } = syncTables[name];
  const rows = `pg_temp.sync_once x join public.${table} t
    on x.tbl = ${number} and x.fresh and t.tenant_id = x.tenant_id and t.${key} = x.row_id`;
  return `${continueRevs(name)}
  if ${number} = any(many) then
    ${lockReads(name, rows)}
    insert into public.sync_entry (tenant_id, tbl, row_id, scope, rev, xid, del)
    select p.tenant_id, ${number}, p.row_id, p.scope, p.rev, pg_current_xact_id(), false
    from (${placedInOrder(name, rows)}) p;
  elsif ${number} = any(few) then
    select array_agg(x.tenant_id), array_agg(x.row_id) into tenants, ids from pg_temp.sync_once x
    where x.tbl = ${number} and x.fresh;
    perform sync.place_new_${table}(tenants, ids);
  end if;
  if ${number} = any(there) then
    select array_agg(x.tenant_id), array_agg(x.row_id) into tenants, ids from pg_temp.sync_once x
    where x.tbl = ${number} and not x.fresh;
    perform sync.place_${table}(tenants, ids);
  end if;`;
}

/**
 * `sync.hold_placing()` and `sync.place_held()`, for a transaction that writes whole tables: between the two, rows
 * are only noted, and at the end each is placed once, where it then belongs, however many statements moved it.
 */
export const heldPlacingSql = `
create function sync.check_held() returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
begin
  if (select count(*) from pg_class c where c.relowner = current_user::regrole
      and c.oid in (to_regclass('pg_temp.sync_held'), to_regclass('pg_temp.sync_given'))) <> 2 then
    raise insufficient_privilege using message = 'placing is held back by sync.hold_placing() only';
  end if;
  return true;
end $body$;
revoke execute on function sync.check_held() from public;
create function sync.hold_placing() returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $body$
begin
  create temp table sync_held (tbl smallint not null, tenant_id uuid not null, row_id uuid not null,
    fresh boolean not null) on commit drop;
  create temp table sync_given (source smallint not null, tbl smallint not null, tenant_id uuid not null,
    row_id uuid not null, by uuid not null) on commit drop;
  perform set_config('sync.placing', 'held', true);
end $body$;
create function sync.place_held() returns void language plpgsql security definer
set search_path = pg_catalog, pg_temp set jit = off set enable_nestloop = off set join_collapse_limit = 1 as $body$
declare tenants uuid[]; ids uuid[]; given uuid[]; many smallint[]; few smallint[]; back smallint[]; there smallint[];
begin
  perform set_config('sync.placing', '', true);
  create temp table sync_once on commit drop as
  with held as materialized (
    select tbl, tenant_id, row_id, bool_or(fresh) as made from pg_temp.sync_held group by 1, 2, 3
  ), newest as materialized (
    select k.tbl, k.tenant_id, (select e.row_id from public.sync_entry e where e.tenant_id = k.tenant_id and e.tbl = k.tbl
      order by e.tenant_id desc, e.tbl desc, e.row_id desc limit 1) as row_id
    from (select distinct tbl, tenant_id from held where made) k
  )
  select h.tbl, h.tenant_id, h.row_id, h.made and not k.known as fresh, h.made and k.known as back
  from held h left join newest n on n.tbl = h.tbl and n.tenant_id = h.tenant_id
  -- Ids rise with time, so most new rows lie above all that were placed. For the others one look by the key each; as an
  -- EXISTS it may be answered by reading all entries there are.
  cross join lateral (select case when h.made and h.row_id <= n.row_id then coalesce((select true from public.sync_entry e
    where e.tenant_id = h.tenant_id and e.tbl = h.tbl and e.row_id = h.row_id limit 1), false) else false end as known offset 0) k;
  analyze pg_temp.sync_once;${countRows}${syncTableNames.map(holdGivenByNew).join('')}${syncTableNames.map(placeHeld).join('')}${syncTableNames.map(placeGiven).join('')}
  drop table pg_temp.sync_held, pg_temp.sync_once, pg_temp.sync_given;
end $body$;
revoke execute on function sync.hold_placing(), sync.place_held() from public;
grant execute on function sync.hold_placing(), sync.place_held() to rapt_system;`;
