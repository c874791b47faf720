import { type SyncTableName, syncTables } from '@raptscallions/zod-schemas/sync_table';
import { placements } from './placements';

/** Where the rows of `source` stand. Two placements of a table never name the same scope, but one may, twice. */
export function placed(
  name: SyncTableName,
  source: string,
  rows: 'one by one' | 'as a set' = 'one by one',
): string {
  const { placements: all, key, softDelete, reads = [] } = placements[name];
  const many = all.some(
    ({ join = '' }) => join !== '' && !reads.some(({ table }) => join.includes(`public.${table} `)),
  );
  return all
    .map(({ scope, join = '', asSet, where = 'true' }) => {
      const alive = softDelete ? 't.deleted_at is null and ' : '';
      return `select t.tenant_id, t.${key} as row_id, t.rev, ${scope} as scope from ${source} ${rows === 'as a set' ? (asSet ?? join) : join}
      where ${alive}(${where})`;
    })
    .join(many ? '\n    union\n    ' : '\n    union all\n    ');
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
