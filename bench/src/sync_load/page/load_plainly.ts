import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncPage } from '@raptscallions/zod-schemas/sync.zod';
import {
  type SyncTableName,
  syncTableNames,
  syncTables,
  unpackSyncRows,
} from '@raptscallions/zod-schemas/sync_table';
import { Dexie } from 'dexie';
import { api } from '../../../../frontend/src/api/client';

/** As few as pages can do with. */
const indexes: Partial<Record<SyncTableName, string>> = {
  groupMembers: 'userId',
  classMembers: 'classId, userId',
  assignments: 'classId',
  chatSessions: 'userId, classId, assignmentId',
  messages: '[chatSessionId+seq]',
  runs: 'chatSessionId, status',
};

/** Every row there is, by table. */
export async function pullRows(): Promise<Map<SyncTableName, object[]>> {
  const rows = new Map<SyncTableName, object[]>(syncTableNames.map((table) => [table, []]));
  const position = { syncClientId: newId('device'), cursor: null, scopes: [] };
  const ask = (next: string | null): Promise<SyncPage> => api.sync.pull({ ...position, next });
  const take = ({ frames }: SyncPage) => {
    for (const frame of frames) {
      if (frame.kind !== 'rows') continue;
      for (const { table, row } of frame.rows.flatMap(unpackSyncRows)) rows.get(table)?.push(row);
    }
  };
  const first = await ask(null);
  take(first);
  await Promise.all((first.parts ?? []).map(async (part) => take(await ask(part))));
  if (first.next !== null) take(await ask(first.next));
  return rows;
}

/** The peer: the same pages as JSON, `bulkPut` as one Dexie record a row, in one transaction. Milliseconds. */
export async function loadPlainly(): Promise<number> {
  const name = 'plain';
  await Dexie.delete(name);
  const begun = performance.now();
  const plain = new Dexie(name);
  plain
    .version(1)
    .stores(
      Object.fromEntries(
        syncTableNames.map((table) => [
          table,
          [syncTables[table].key, indexes[table]].filter(Boolean).join(', '),
        ]),
      ),
    );
  const rows = await pullRows();
  await plain.transaction('rw', plain.tables, async () => {
    for (const [table, list] of rows) await plain.table(table).bulkPut(list);
  });
  const ms = performance.now() - begun;
  plain.close();
  return ms;
}
