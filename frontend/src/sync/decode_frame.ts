import type { SyncFrame } from '@raptscallions/zod-schemas/sync.zod';
import {
  decodeSyncRow,
  type SyncRow,
  type SyncTableName,
  syncRowId,
  syncTableOfNumber,
  syncTables,
} from '@raptscallions/zod-schemas/sync_table';

/** One row as the server sent it; `table` says which. */
type SentRow = {
  [T in SyncTableName]: { table: T; id: string; rev: number; row: SyncRow<T> };
}[SyncTableName];

/** A scope's rows and tombstones as objects under the ids pages use. */
export type RowsFrame = {
  kind: 'rows';
  scope: string;
  replace: boolean;
  rows: SentRow[];
  gone: { table: SyncTableName; id: string }[];
};

function decodeRow(table: SyncTableName, rev: number, wire: unknown[]): SentRow {
  const row = decodeSyncRow(table, wire);
  return { table, id: String(Reflect.get(row, syncTables[table].key)), rev, row } as SentRow;
}

/**
 * Reads a frame as it comes, while the next ones are on their way: of a large load this is half the work.
 * Tables of a server newer than this app are left out.
 */
export function decodeFrame({
  scope,
  replace = false,
  rows,
  gone = [],
}: Extract<SyncFrame, { kind: 'rows' }>): RowsFrame {
  const frame: RowsFrame = { kind: 'rows', scope, replace, rows: [], gone: [] };
  for (const [number, rev, wire] of rows) {
    const table = syncTableOfNumber(number);
    if (table) frame.rows.push(decodeRow(table, rev, wire));
  }
  for (const [number, , uuid] of gone) {
    const table = syncTableOfNumber(number);
    if (table) frame.gone.push({ table, id: syncRowId(table, uuid) });
  }
  return frame;
}
