import {
  type SyncColumn,
  type SyncTableName,
  syncColumns,
  syncTableNames,
  syncTables,
} from '@raptscallions/zod-schemas/sync_table';
import { placements } from './placements';

/** A row of the statements below; `body` is the JSON of a `SyncBody`, null for a tombstone. */
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

/** A column of the row `t`: ids as uuids, moments as milliseconds. */
function valueSql(column: SyncColumn): string {
  const value = `t.${snakeCase(column.name)}`;
  return column.kind === 'timestamp' ? `(date_part('epoch', ${value}) * 1000)::bigint` : value;
}

/** The row as a JSON array in the order of `syncTables`. */
const body = (name: SyncTableName) => `json_build_array(${syncColumns[name].map(valueSql).join(', ')})::text`;

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

/** A row of {@link asText}: rows and tombstones of one scope and table, JSON without the brackets around them; or what stands before. */
export type TextRow = { scope: string; rows: string | null; gone: string | null; head: string | null };

/** SQL: a column of all rows of a group as JSON, as `packSyncRows` writes it. */
function packed(column: SyncColumn): string[] {
  const value = valueSql(column);
  if (column.kind === 'value') return [`array_to_json(array_agg(${value}))`];
  if (column.kind === 'timestamp') return [`'['`, `string_agg(coalesce(${value}::text, 'null'), ',')`, `']'`];
  // PostgreSQL breaks base64 into lines, as mails need it.
  const bytes = `string_agg(coalesce(uuid_send(${value}), ${zeros(16)}), ${zeros(2)})`;
  return [`'"'`, `replace(encode(${bytes}, 'base64'), chr(10), '')`, `'"'`];
}

const zeros = (bytes: number) => `'\\x${'00'.repeat(bytes)}'::bytea`;

/**
 * As {@link withBodies}, put together by PostgreSQL as the text of frames: a first load of thousands of rows
 * passes through the server unread. Rows of a scope are asked for all at once, by a list of their keys: an index
 * is walked once for it, where a join descends from its root for each. The text is written by `concat`, since each
 * `||` copies all that stands before it.
 * @param parts.ctes define the chosen entries `e`
 * @param parts.head one text that goes before
 * @param parts.unless a condition under which none of it is wanted
 */
export function asText({ ctes, head, unless }: { ctes: string; head: string; unless: string }): string {
  const live = syncTableNames.map((name) => {
    const { number } = syncTables[name];
    const { table, key } = placements[name];
    const columns = syncColumns[name].flatMap((column, at) => [
      ...(at > 0 ? [`','`] : []),
      ...packed(column),
    ]);
    return `select k.scope, t.rows, null, null from keys k cross join lateral (
        select concat('[${number},[', string_agg(t.rev::text, ','), '],[', ${columns.join(', ')}, ']]') as rows
        from public.${table} t where t.tenant_id = k.tenant_id and t.${key} = any(k.ids) having count(*) > 0
      ) t where k.tbl = ${number}`;
  });
  const gone = `select e.scope, null, string_agg('[' || e.tbl || ',' || e.rev || ',"' || e.row_id || '"]', ','), null
    from e where e.del and not (${unless}) group by e.scope`;
  return `with ${ctes},
    keys as materialized (
      select e.tenant_id, e.scope, e.tbl, array_agg(e.row_id) as ids from e where not e.del and not (${unless})
      group by e.tenant_id, e.scope, e.tbl
    )
    select null as scope, null as rows, null as gone, (${head})::text as head
    union all\n${[gone, ...live].join('\nunion all\n')}`;
}
