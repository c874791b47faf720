import type { SyncFrame } from '@raptscallions/zod-schemas/sync.zod';
import {
  packSyncRows,
  type SyncBody,
  type SyncTableName,
  syncTableOfNumber,
} from '@raptscallions/zod-schemas/sync_table';
import type { DeltaRow } from './delta_sql';

/** A frame as JSON: bodies are made by PostgreSQL and pass through unread. `scope`: whose rows it brings. */
export type FrameText = { json: string; scope?: string };

export function textOfFrame(frame: SyncFrame): FrameText {
  const json = JSON.stringify(frame);
  return frame.kind === 'rows' ? { json, scope: frame.scope } : { json };
}

/** A frame, given as JSON, as an oRPC client reads it from an event stream. */
export function eventText(json: string): string {
  return `event: message\ndata: {"json":${json}}\n\n`;
}

export function frameBytes(frame: SyncFrame): Buffer {
  return Buffer.from(eventText(JSON.stringify(frame)));
}

/** One scope's rows as a frame. */
export function rowsFrame(scope: string, rows: DeltaRow[]): Extract<SyncFrame, { kind: 'rows' }> {
  const byTable = new Map<SyncTableName, { rev: number; body: SyncBody }[]>();
  const gone: [number, number, string][] = [];
  for (const { tbl, rev, row_id: rowId, body } of rows) {
    const table = syncTableOfNumber(tbl);
    if (body === null || !table) gone.push([tbl, Number(rev), rowId]);
    else {
      const row = { rev: Number(rev), body: JSON.parse(body) };
      const known = byTable.get(table);
      if (known) known.push(row);
      else byTable.set(table, [row]);
    }
  }
  const packed = [...byTable].map(([table, live]) => packSyncRows(table, live));
  return { kind: 'rows', scope, rows: packed, ...(gone.length > 0 && { gone }) };
}
