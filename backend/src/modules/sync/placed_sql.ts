import { type SyncTableName, syncTables } from '@raptscallions/zod-schemas/sync_table';
import { placements } from './placements';

/** Where the rows of `source` stand. Two placements of a table never name the same scope, but one may, twice. */
export function placed(name: SyncTableName, source: string): string {
  const { placements: all, key } = placements[name];
  return all
    .map(
      ({ scope, join = '', where }) =>
        `select t.tenant_id, t.${key} as row_id, t.rev, ${scope} as scope from ${source} ${join} ${whereOf(name, where)}`,
    )
    .join(unionOf(name));
}

/** The same for thousands of rows at once, in the order of their keys. Rows are joined once for all scopes of a join. */
export function placedInOrder(name: SyncTableName, source: string): string {
  const { placements: all, key } = placements[name];
  const scopesOf = new Map<string, string[]>();
  for (const { scope, join = '', asSet = join, where } of all) {
    const joined = `${source} ${asSet} ${whereOf(name, where)}`;
    scopesOf.set(joined, [...(scopesOf.get(joined) ?? []), scope]);
  }
  const selects = [...scopesOf].map(([joined, scopes]) => {
    const scope = scopes.length === 1 ? scopes[0] : `unnest(array[${scopes.join(', ')}])`;
    return `select t.tenant_id, t.${key} as row_id, t.rev, ${scope} as scope from ${joined}`;
  });
  // Of one join, rows are put in order before they become as many as their scopes.
  return selects.length === 1
    ? `${selects[0]} order by row_id`
    : `select p.* from (${selects.join(unionOf(name))}) p order by p.row_id`;
}

function whereOf(name: SyncTableName, where = 'true'): string {
  return `where ${placements[name].softDelete ? 't.deleted_at is null and ' : ''}(${where})`;
}

function unionOf(name: SyncTableName): string {
  return placements[name].placements.some(({ repeats }) => repeats)
    ? '\n    union\n    '
    : '\n    union all\n    ';
}

/**
 * Under READ COMMITTED each statement sees what has committed, so the rows that decide a placement are locked
 * before they are read: without that a transaction that updates a person could put back an entry that a
 * concurrent one, which takes the person out of a class, has just removed.
 */
export function lockReads(name: SyncTableName, source: string): string {
  return (placements[name].reads ?? [])
    .map(
      ({ table, on }) => `perform 1 from public.${table} r
    where (r.tenant_id, r.${on}) in (select t.tenant_id, t.${on} from ${source})
    order by r.tenant_id, r.${on} for share;`,
    )
    .join('\n  ');
}

/** Puts rows of `source` (as of `placed`) into their scopes. */
export function putEntries(name: SyncTableName, source: string): string {
  return `insert into public.sync_entry as e (tenant_id, tbl, row_id, scope, rev, xid, del)
    select p.tenant_id, ${syncTables[name].number}, p.row_id, p.scope, p.rev, pg_current_xact_id(), false
    from ${source} p
    on conflict (tenant_id, tbl, row_id, scope) do update
      set rev = excluded.rev, xid = excluded.xid, del = false
      where e.del or e.rev <> excluded.rev`;
}
