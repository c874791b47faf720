import type { SyncTableName } from '@raptscallions/zod-schemas/sync_table';
import { syncTables } from '@raptscallions/zod-schemas/sync_table';
import { pullRows } from './load_plainly';

type Rows = Map<SyncTableName, object[]>;
type Layout = {
  indexes?: (table: SyncTableName) => string[];
  durability?: IDBTransactionDurability;
  /** the records of a table: a row each unless said otherwise */
  records?: (rows: object[]) => unknown[];
};

const columnsOf = (row: object | undefined) => Object.keys(row ?? {});
const asArrays = (rows: object[]) => {
  const columns = columnsOf(rows[0]);
  return rows.map((row) => columns.map((column) => Reflect.get(row, column)));
};
function inParts<T>(rows: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, at) =>
    rows.slice(at * size, (at + 1) * size),
  );
}
const everyId = (rows: Rows) => (table: SyncTableName) =>
  columnsOf(rows.get(table)?.[0]).filter((name) => name.endsWith('Id') && name !== syncTables[table].key);

/** What was tried for a first load. `relaxed` is what Chromium does anyway unless asked for more. */
const layouts = (rows: Rows): Record<string, Layout> => ({
  'a record a row, an index for every id': { indexes: everyId(rows) },
  'a record a row, two indexes': { indexes: (table) => everyId(rows)(table).slice(0, 2) },
  'a record a row, no index': {},
  'a record a row, no index, strict': { durability: 'strict' },
  'packs of 100, arrays': { records: (list) => inParts(asArrays(list), 100) },
  'packs of 500, objects': { records: (list) => inParts(list, 500) },
  'packs of 500, arrays': { records: (list) => inParts(asArrays(list), 500) },
  'packs of 500, JSON': {
    records: (list) => inParts(asArrays(list), 500).map((part) => JSON.stringify(part)),
  },
  'packs of 1000, arrays': { records: (list) => inParts(asArrays(list), 1_000) },
  'one record a table, JSON': { records: (list) => [JSON.stringify(asArrays(list))] },
});

/**
 * For each layout, milliseconds: to store the rows of a first load that are in memory already, to read one
 * record, and to read everything back as a tab must that keeps its rows in memory.
 */
export async function tryLayouts() {
  const rows = await pullRows();
  const measured: Record<string, { store: number; one: number; all: number }> = {};
  for (const [name, layout] of Object.entries(layouts(rows))) {
    const { indexes = () => [], durability = 'relaxed', records = (list) => list } = layout;
    const isRow = layout.records === undefined;
    const database = await openDatabase(name, (upgraded) => {
      for (const table of rows.keys()) {
        const store = upgraded.createObjectStore(
          table,
          isRow ? { keyPath: syncTables[table].key } : { autoIncrement: true },
        );
        for (const index of indexes(table)) store.createIndex(index, index);
      }
    });
    const tables = [...rows.keys()];
    let begun = performance.now();
    const writing = database.transaction(tables, 'readwrite', { durability });
    for (const [table, list] of rows) {
      const store = writing.objectStore(table);
      for (const record of records(list)) store.put(record);
    }
    await ended(writing);
    const store = performance.now() - begun;
    begun = performance.now();
    const reading = database.transaction('messages');
    const [key] = await answer(reading.objectStore('messages').getAllKeys(null, 1));
    const record = await answer(reading.objectStore('messages').get(key ?? 1));
    if (typeof record === 'string') JSON.parse(record);
    const one = performance.now() - begun;
    begun = performance.now();
    const everything = database.transaction(tables);
    for (const table of tables) {
      const list = await answer(everything.objectStore(table).getAll());
      for (const each of list) if (typeof each === 'string') JSON.parse(each);
    }
    measured[name] = { store, one, all: performance.now() - begun };
    database.close();
    indexedDB.deleteDatabase(name);
  }
  return measured;
}

function openDatabase(name: string, upgrade: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => upgrade(request.result);
  return answer(request);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
