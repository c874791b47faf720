import {
  type SyncTableName,
  syncColumns,
  syncTableNames,
  syncTables,
} from '@raptscallions/zod-schemas/sync_table';
import { placements } from './placements';

/** A row of the statements below; `body` is the JSON array a browser gets, null for a tombstone. */
export type DeltaRow = {
  tenant_id: string;
  scope: string;
  tbl: number;
  row_id: string;
  rev: string;
  xid: string;
  body: string | null;
};

/** SQL: of entries `e`, those a browser has not seen that has seen the snapshot `at`. */
export const unseen = (at: string): string =>
  `e.xid >= pg_snapshot_xmin(${at}::pg_snapshot) and not pg_visible_in_snapshot(e.xid, ${at}::pg_snapshot)`;

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The row as a JSON array in the order of `syncTables`, made by PostgreSQL, so that no server parses it. */
function body(name: SyncTableName): string {
  const values = syncColumns[name].map((column) => {
    const value = `t.${snakeCase(column.name)}`;
    return column.kind === 'timestamp' ? `(date_part('epoch', ${value}) * 1000)::bigint` : value;
  });
  return `json_build_array(${values.join(', ')})::text`;
}

/**
 * Turns the chosen entries `e` into rows with bodies. One statement, hence one snapshot: an entry that says a
 * row stands here and the row itself can never disagree.
 */
export function withBodies(entries: string): string {
  const live = syncTableNames.map(
    (name) => `select e.tenant_id, e.scope, e.tbl, e.row_id, t.rev, e.xid, ${body(name)} as body
      from e join public.${placements[name].table} t
        on t.tenant_id = e.tenant_id and t.${placements[name].key} = e.row_id
      where e.tbl = ${syncTables[name].number} and not e.del`,
  );
  const gone = 'select e.tenant_id, e.scope, e.tbl, e.row_id, e.rev, e.xid, null as body from e where e.del';
  return `with e as materialized (${entries})\n${[gone, ...live].join('\nunion all\n')}`;
}

/** A row of {@link asText}: rows and tombstones of one scope and table, JSON without the brackets around them. */
export type TextRow = { scope: string; rows: string | null; gone: string | null };

/**
 * As {@link withBodies}, put together by PostgreSQL as the text of frames: a first load of thousands of rows
 * passes through the server unread.
 * @param tables those that `e` has entries of
 */
export function asText(entries: string, tables: readonly SyncTableName[]): string {
  const live = tables.map((name) => {
    const { number } = syncTables[name];
    return `select e.scope, string_agg('[${number},' || t.rev || ',' || ${body(name)} || ']', ',') as rows, null as gone
      from e join public.${placements[name].table} t
        on t.tenant_id = e.tenant_id and t.${placements[name].key} = e.row_id
      where e.tbl = ${number} and not e.del group by e.scope`;
  });
  const gone = `select e.scope, null as rows,
      string_agg('[' || e.tbl || ',' || e.rev || ',"' || e.row_id || '"]', ',') as gone
    from e where e.del group by e.scope`;
  return `with e as materialized (${entries})\n${[gone, ...live].join('\nunion all\n')}`;
}
