import { type SyncTableName, syncTableNames, syncTables } from '@raptscallions/zod-schemas/sync_table';
import { putEntries } from './placed_sql';
import { placements } from './placements';

/** How each row of one table gives one scope to one row of another. */
export type GivenScope = {
  /** the column that names the other row */
  id: string;
  /** the column that the scope is named after */
  by: string;
  /** SQL for the scope's name, of what that column holds */
  scope: (by: string) => string;
  /** joins the rows that give it, as of `t`, where that column is as in `x.by` */
  join: string;
};

/**
 * The scope that rows of `source` give to rows of `target`, where they alone decide it: somebody's place in one class
 * is decided by that one membership, and their other classes need not be looked at. None where more has to be known.
 */
export function givenScope(source: SyncTableName, target: SyncTableName): GivenScope | undefined {
  const { key, reads, placements: all } = placements[target];
  const id = placements[source].places?.find(({ table }) => table === target)?.ids;
  if (id !== key || reads) return undefined;
  const given = all.flatMap(({ scope, join = '' }) => {
    const alias = new RegExp(`^join public[.]${placements[source].table} (\\w+) `).exec(join)?.[1];
    return alias === undefined ? [] : [{ scope, join, alias }];
  });
  const [only, more] = given;
  const columns = new Set([...(only?.scope.matchAll(/\b\w+[.]\w+/g) ?? [])].map(([column]) => column));
  const [column = ''] = columns;
  if (!only || more || columns.size !== 1 || !column.startsWith(`${only.alias}.`)) return undefined;
  return {
    id,
    by: column.slice(only.alias.length + 1),
    scope: (by) => only.scope.replaceAll(column, by),
    join: `${only.join} and ${column} = x.by`,
  };
}

/** All that rows of `source` give: to which table, and how. */
export function scopesGivenBy(source: SyncTableName): ({ target: SyncTableName } & GivenScope)[] {
  return syncTableNames.flatMap((target) => {
    const given = givenScope(source, target);
    return given ? [{ target, ...given }] : [];
  });
}

export function placeByName(source: SyncTableName, target: SyncTableName): string {
  return `sync.place_${placements[target].table}_by_${placements[source].table}`;
}

/**
 * `sync.place_<table>_by_<other table>(tenants, ids, given)`: puts rows into the scopes that rows of the other table
 * give them by these ids, or takes them out where those are gone, and looks at no other scope.
 */
export function placeByFunctions(source: SyncTableName, settings: string): string[] {
  return scopesGivenBy(source).map(({ target, scope, join }) => {
    const { table, key, softDelete } = placements[target];
    const name = placeByName(source, target);
    return `
create function ${name}(tenants uuid[], ids uuid[], given uuid[]) returns void language plpgsql ${settings} as $body$
begin
  perform 1 from (select distinct u.tenant_id, u.row_id from unnest(tenants, ids) u(tenant_id, row_id)) x
  join public.${table} t on t.tenant_id = x.tenant_id and t.${key} = x.row_id order by t.tenant_id, t.${key} for no key update of t;
  with stands as materialized (
    select x.tenant_id, x.row_id, ${scope('x.by')} as scope, ${syncTables[target].number}::smallint as tbl, (
      select t.rev from public.${table} t where t.tenant_id = x.tenant_id and t.${key} = x.row_id
        ${softDelete ? 'and t.deleted_at is null' : ''} and exists (select from (select t.*) t ${join})) as rev
    from (select distinct u.tenant_id, u.row_id, u.by from unnest(tenants, ids, given) u(tenant_id, row_id, by)) x
  ),
  put as (${putEntries(target, '(select * from stands where rev is not null)')})
  update public.sync_entry e set del = true, xid = pg_current_xact_id()
  from (select * from stands where rev is null offset 0) x where e.tenant_id = x.tenant_id and e.tbl = x.tbl
    and e.row_id = x.row_id and e.scope = x.scope and not e.del;
end $body$;
revoke execute on function ${name}(uuid[], uuid[], uuid[]) from public;`;
  });
}
