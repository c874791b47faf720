import type { SyncFrame } from '@raptscallions/zod-schemas/sync.zod';
import {
  type SentRow,
  type SyncTableName,
  syncRowId,
  syncTableOfNumber,
  unpackSyncRows,
} from '@raptscallions/zod-schemas/sync_table';

/** A scope's rows and tombstones as objects under the ids pages use. */
export type RowsFrame = {
  kind: 'rows';
  scope: string;
  replace: boolean;
  rows: SentRow[];
  gone: { table: SyncTableName; id: string }[];
};

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
  const frame: RowsFrame = { kind: 'rows', scope, replace, rows: rows.flatMap(unpackSyncRows), gone: [] };
  for (const [number, , uuid] of gone) {
    const table = syncTableOfNumber(number);
    if (table) frame.gone.push({ table, id: syncRowId(table, uuid) });
  }
  return frame;
}
