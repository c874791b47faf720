import {
  type DBCore,
  type DBCoreCountRequest,
  type DBCoreGetManyRequest,
  type DBCoreGetRequest,
  type DBCoreIndex,
  type DBCoreKeyRange,
  type DBCoreMutateRequest,
  type DBCoreMutateResponse,
  type DBCoreOpenCursorRequest,
  type DBCoreQueryRequest,
  type DBCoreTable,
  type DBCoreTransaction,
  Dexie,
  type Middleware,
  type PromiseExtended,
} from 'dexie';
import { anyRange, compareKeys, isInRange, keysOf, rangeTypes } from './index_keys';
import { openListCursor } from './list_cursor';
import { type Entry, PackStore, packStoreNames } from './pack_store';

/**
 * Makes the tables called `names` quick to fill: many rows put at once are stored in packs, all others one record
 * a row. Whoever reads sees one table, whichever way its rows are stored: a row is never in both.
 * @param packFrom how many are many
 */
export function packMiddleware(names: readonly string[], packFrom: number): Middleware<DBCore> {
  return {
    stack: 'dbcore',
    name: 'packs',
    // Below everything of Dexie's own, so that live queries, hooks and caches see tables as ever.
    level: -2,
    create(core) {
      const packs = new PackStore(core);
      return {
        transaction(stores, mode, options) {
          const packed = stores.some((store) => names.includes(store));
          const all = packed ? [...new Set([...stores, ...packStoreNames])] : stores;
          return core.transaction(all, mode, options);
        },
        table(name) {
          const table = core.table(name);
          return names.includes(name) ? packedTable(table, packs, packFrom) : table;
        },
      };
    },
  };
}

function packedTable(down: DBCoreTable, packs: PackStore, packFrom: number): DBCoreTable {
  const { schema } = down;
  const { primaryKey } = schema;
  const keyOf = (row: unknown): string => String(primaryKey.extractKey?.(row));

  const writes = new WeakMap<DBCoreTransaction, PromiseExtended<unknown>>();
  /**
   * What IndexedDB promises of one request we keep for our several: a transaction's work sees the writes begun
   * before it whole, and no two of them at once change what has left a pack.
   */
  function afterWrites<T>(trans: DBCoreTransaction, work: () => PromiseExtended<T>): PromiseExtended<T> {
    const before = writes.get(trans);
    return before ? before.then(work, work) : work();
  }
  function write<T>(trans: DBCoreTransaction, work: () => PromiseExtended<T>): PromiseExtended<T> {
    const done = afterWrites(trans, work);
    writes.set(trans, done);
    return done;
  }

  /** Packed entries and those of records, in the order of the index. */
  function merge(
    packed: readonly Entry[],
    records: readonly Row[],
    index: DBCoreIndex,
    range: DBCoreKeyRange,
  ) {
    const entries = [...packed];
    // An index of many entries a row gives the row once for each.
    const once = index.multiEntry ? new Map(records.map((row) => [keyOf(row), row])).values() : records;
    for (const row of once) {
      for (const key of keysOf(index, (column) => row[column])) {
        if (isInRange(key, range)) entries.push({ key, primaryKey: keyOf(row), read: () => row });
      }
    }
    return entries.sort((a, b) => compareKeys(a.key, b.key) || compareKeys(a.primaryKey, b.primaryKey));
  }

  function query(request: DBCoreQueryRequest) {
    const { trans, values, limit = Number.POSITIVE_INFINITY, direction = 'next' } = request;
    const { index, range } = request.query;
    const records = (withValues: boolean | undefined) => down.query({ ...request, values: withValues });
    return Dexie.Promise.all([packs.entries(trans, schema, index, range), records(values)]).then(
      ([packed, direct]) => {
        if (packed.length === 0 || limit === 0) return direct;
        // Their place among the packed ones can only be told from whole rows.
        return Dexie.Promise.resolve(values ? direct : records(true)).then(({ result }) => {
          const merged = merge(packed, result, index, range);
          if (direction.startsWith('prev')) merged.reverse();
          const chosen = merged.slice(0, limit);
          return { result: chosen.map((entry) => (values ? entry.read() : entry.primaryKey)) };
        });
      },
    );
  }

  function openCursor(request: DBCoreOpenCursorRequest) {
    const { trans, reverse = false, unique } = request;
    const { index, range } = request.query;
    return packs.entries(trans, schema, index, range).then((packed) => {
      if (packed.length === 0) return down.openCursor(request);
      return Dexie.Promise.resolve(down.query({ trans, values: true, query: request.query })).then(
        ({ result }) => {
          const merged = merge(packed, result, index, range);
          const kept = unique
            ? merged.filter((entry, at) => compareKeys(entry.key, merged[at - 1]?.key ?? []) !== 0)
            : merged;
          return openListCursor(trans, reverse ? kept.reverse() : kept, reverse);
        },
      );
    });
  }

  function deleteRange(trans: DBCoreTransaction, range: DBCoreKeyRange): PromiseExtended<void> {
    if (range.type === rangeTypes.any) return packs.clear(trans, schema);
    return packs.entries(trans, schema, primaryKey, range).then((entries) =>
      packs.hide(
        trans,
        schema,
        entries.map((entry) => entry.primaryKey),
      ),
    );
  }

  function putPacked(trans: DBCoreTransaction, rows: readonly Row[]): PromiseExtended<DBCoreMutateResponse> {
    const byKey = new Map(rows.map((row) => [keyOf(row), row]));
    const keys = [...byKey.keys()];
    return packs
      .hide(trans, schema, keys)
      .then(() => down.count({ trans, query: { index: primaryKey, range: anyRange } }))
      .then((records) => (records > 0 ? down.mutate({ trans, type: 'delete', keys }) : undefined))
      .then(() => packs.add(trans, schema, [...byKey.values()]))
      .then(
        () => ({ numFailures: 0, failures: {}, results: rows.map(keyOf), lastResult: keys.at(-1) }),
        (error) => {
          // The rows that were there are out of their places already, and Dexie would commit that.
          abort(trans);
          throw error;
        },
      );
  }

  function mutate(request: DBCoreMutateRequest): PromiseExtended<DBCoreMutateResponse> {
    const { trans } = request;
    if (request.type === 'deleteRange') {
      return deleteRange(trans, request.range).then(() => down.mutate(request));
    }
    if (request.type === 'delete') {
      return packs.hide(trans, schema, request.keys).then(() => down.mutate(request));
    }
    if (request.type === 'add') {
      return packs.find(trans, schema, request.values.map(keyOf)).then((found) => {
        if (found.size === 0) return down.mutate(request);
        throw new Dexie.ConstraintError(`${down.name} has a row ${[...found.keys()][0]} already`);
      });
    }
    if (request.values.length >= packFrom && isUniform(request.values)) {
      return putPacked(trans, request.values);
    }
    // The record first: one that cannot be stored leaves the row as it was.
    return Dexie.Promise.resolve(down.mutate(request)).then((response) => {
      const stored = request.values.filter((_, at) => !(at in response.failures));
      return packs.hide(trans, schema, stored.map(keyOf)).then(() => response);
    });
  }

  function get({ trans, key }: DBCoreGetRequest) {
    return Dexie.Promise.resolve(down.get({ trans, key })).then((row) =>
      row === undefined ? packs.find(trans, schema, [key]).then((found) => found.get(key)?.read()) : row,
    );
  }

  function getMany(request: DBCoreGetManyRequest) {
    return Dexie.Promise.resolve(down.getMany(request)).then((rows) => {
      const keys: string[] = request.keys.filter((key, at) => key != null && rows[at] === undefined);
      if (keys.length === 0) return rows;
      return packs
        .find(request.trans, schema, keys)
        .then((found) => request.keys.map((key, at) => rows[at] ?? found.get(key)?.read()));
    });
  }

  function count(request: DBCoreCountRequest) {
    const { index, range } = request.query;
    const isAll = index.isPrimaryKey && range.type === rangeTypes.any;
    const packed = isAll
      ? packs.count(request.trans, schema)
      : packs.entries(request.trans, schema, index, range).then((entries) => entries.length);
    return Dexie.Promise.all([packed, down.count(request)]).then(([a, b]) => a + b);
  }

  return {
    ...down,
    get: (request) => afterWrites(request.trans, () => get(request)),
    getMany: (request) => afterWrites(request.trans, () => getMany(request)),
    query: (request) => afterWrites(request.trans, () => query(request)),
    openCursor: (request) => afterWrites(request.trans, () => openCursor(request)),
    count: (request) => afterWrites(request.trans, () => count(request)),
    mutate: (request) => write(request.trans, () => mutate(request)),
  };
}

type Row = Record<string, unknown>;

function abort(trans: DBCoreTransaction): void {
  try {
    trans.abort();
  } catch {
    // What failed has ended it already, as a full disk does.
  }
}

/** Whether all rows have the same columns in the same order, as rows from the wire do. */
function isUniform(rows: readonly Row[]): boolean {
  const columns = Object.keys(rows[0] ?? {});
  return rows.every((row) => {
    const own = Object.keys(row);
    return own.length === columns.length && own.every((column, at) => column === columns[at]);
  });
}
