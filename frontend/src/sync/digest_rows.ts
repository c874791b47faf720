import { TableDigest } from '@raptscallions/zod-schemas/sync_digest';
import {
  encodeSyncRow,
  type SyncTableName,
  syncTableNames,
  syncTables,
} from '@raptscallions/zod-schemas/sync_table';
import type { LocalDb } from '../local_db/local_db';

type Stored = { $rev: number };

/**
 * What the server's rows on this device come to, table by table: waiting edits that stand over them do not
 * count. Wants a transaction over all tables.
 */
export async function digestRows(db: LocalDb): Promise<Map<SyncTableName, { rows: number; hash: string }>> {
  const shadows = new Map<string, object | null>();
  for (const { table, id, row } of await db.shadows.toArray()) shadows.set(`${table}/${id}`, row);
  const digests = new Map(syncTableNames.map((table) => [table, new TableDigest()]));
  const add = (table: SyncTableName, row: object) =>
    digests.get(table)?.add((row as Stored).$rev, encodeSyncRow(table, row));
  for (const table of syncTableNames) {
    const { key } = syncTables[table];
    const rows: object[] = await db.table(table).toArray();
    for (const row of rows) if (!shadows.has(`${table}/${Reflect.get(row, key)}`)) add(table, row);
  }
  for (const [name, row] of shadows) if (row) add(name.split('/')[0] as SyncTableName, row);
  return new Map([...digests].map(([table, { value }]) => [table, value]));
}
