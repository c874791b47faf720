import {
  type DBCore,
  type DBCoreIndex,
  type DBCoreKeyRange,
  type DBCoreTableSchema,
  type DBCoreTransaction,
  Dexie,
  type PromiseExtended,
} from 'dexie';
import { isInRange, rangeTypes } from './index_keys';
import {
  findKey,
  keysAt,
  makePack,
  mayHold,
  type Pack,
  type PackHead,
  type PackRecord,
  placesIn,
  type Row,
  readRow,
} from './pack';

/** Rows in a pack: fewer make a load slow, more make every look into one slow. */
const packSize = 500;
/** Packs a tab keeps in memory: 20,000 rows, some 10 MB. */
const keptPacks = 40;

/** Keys of rows that have left a pack. */
export type PackGaps = { packId: string; gone: string[] };

/** Dexie's definition of the stores below. */
export const packStores = { packHeads: 'packId, table', packs: 'packId', packGaps: 'packId' };
export const packStoreNames = Object.keys(packStores);

/** What a transaction has looked up: it sees one state, until it writes. */
type Seen = {
  heads: Map<string, PromiseExtended<PackHead[]>>;
  packs: Map<string, PromiseExtended<Map<string, OpenPack>>>;
};
export type Entry = { key: unknown; primaryKey: string; read: () => Row };
type OpenPack = { pack: Pack; gone: ReadonlySet<string>; head: PackHead };

/**
 * Rows that were put many at once, some hundreds in one record (PACKS.md). A pack is never changed and its name never used
 * again, not even after an aborted transaction: so what a tab remembers of it is true for as long as the pack is
 * listed, which every transaction looks up. A row leaves a pack by being noted as gone from it.
 *
 * Promises are Dexie's and chained by `then`: an `await` would leave the zone by which Dexie knows the transaction.
 */
export class PackStore {
  readonly #core: DBCore;
  readonly #heads = new Map<string, PackHead>();
  readonly #packs = new Map<string, Pack>();
  readonly #seen = new WeakMap<DBCoreTransaction, Seen>();

  constructor(core: DBCore) {
    this.#core = core;
  }

  /** The packs of a table as the transaction sees them. */
  list(trans: DBCoreTransaction, table: string): PromiseExtended<PackHead[]> {
    const { heads: listed } = this.#seenBy(trans);
    const known = listed.get(table);
    if (known) return known;
    const store = this.#core.table('packHeads');
    const index = store.schema.getIndexByKeyPath('table');
    if (!index) throw new Error('packHeads has no index on table');
    const range = { type: rangeTypes.equal, lower: table, upper: table };
    const heads = resolved(store.query({ trans, values: false, query: { index, range } })).then(
      ({ result }) => {
        const packIds: string[] = result;
        const unknown = packIds.filter((packId) => !this.#heads.has(packId));
        const load = unknown.length > 0 ? store.getMany({ trans, keys: unknown }) : Promise.resolve([]);
        return resolved(load).then((loaded: PackHead[]) => {
          if (loaded.length > 0) this.#forgetHeads(table, new Set(packIds));
          for (const head of loaded) this.#heads.set(head.packId, head);
          return packIds.flatMap((packId) => this.#heads.get(packId) ?? []);
        });
      },
    );
    listed.set(table, heads);
    return heads;
  }

  #forgetHeads(table: string, listed: ReadonlySet<string>): void {
    for (const head of this.#heads.values()) {
      if (head.table === table && !listed.has(head.packId)) this.#heads.delete(head.packId);
    }
  }

  #seenBy(trans: DBCoreTransaction): Seen {
    const seen = this.#seen.get(trans) ?? { heads: new Map(), packs: new Map() };
    this.#seen.set(trans, seen);
    return seen;
  }

  #open(trans: DBCoreTransaction, heads: readonly PackHead[]): PromiseExtended<OpenPack[]> {
    const { packs } = this.#seenBy(trans);
    const missing = heads.filter(({ packId }) => !packs.has(packId));
    const loading = missing.length > 0 ? this.#load(trans, missing) : undefined;
    if (loading) for (const { packId } of missing) packs.set(packId, loading);
    return Dexie.Promise.all(heads.flatMap(({ packId }) => packs.get(packId) ?? [])).then((loaded) =>
      heads.flatMap(({ packId }, at) => loaded[at]?.get(packId) ?? []),
    );
  }

  #load(trans: DBCoreTransaction, heads: readonly PackHead[]): PromiseExtended<Map<string, OpenPack>> {
    // Held from here on: another transaction may push them out of memory meanwhile.
    const kept = heads.map(({ packId }) => this.#packs.get(packId));
    const unknown = heads.filter((_, at) => !kept[at]).map(({ packId }) => packId);
    return Dexie.Promise.all([
      unknown.length > 0 ? this.#core.table('packs').getMany({ trans, keys: unknown }) : [],
      this.#core.table('packGaps').getMany({ trans, keys: heads.map(({ packId }) => packId) }),
    ]).then(([records, gaps]: [PackRecord[], (PackGaps | undefined)[]]) => {
      const loaded = new Map(records.map((record) => [record.packId, { ...record, places: new Map() }]));
      const opened = new Map<string, OpenPack>();
      for (const [at, head] of heads.entries()) {
        const { packId } = head;
        const pack = this.#packs.get(packId) ?? kept[at] ?? loaded.get(packId);
        if (!pack) throw new Error(`The pack ${packId} is listed and not there`);
        this.#keep(pack);
        opened.set(packId, { head, pack, gone: new Set(gaps[at]?.gone) });
      }
      return opened;
    });
  }

  /** The one that was looked at last is forgotten last. */
  #keep(pack: Pack): void {
    this.#packs.delete(pack.packId);
    this.#packs.set(pack.packId, pack);
    const [oldest] = this.#packs.keys();
    if (oldest !== undefined && this.#packs.size > keptPacks) this.#packs.delete(oldest);
  }

  /** Rows of a table under these keys. */
  find(
    trans: DBCoreTransaction,
    { name }: DBCoreTableSchema,
    keys: readonly string[],
  ): PromiseExtended<Map<string, { head: PackHead; read: () => Row }>> {
    return this.list(trans, name).then((heads) => {
      const around = heads.filter(({ first, last }) => keys.some((key) => first <= key && key <= last));
      return this.#open(trans, around).then((opened) => {
        const found = new Map<string, { head: PackHead; read: () => Row }>();
        for (const { head, pack, gone } of opened) {
          const packed = this.#keysIn(pack, name);
          for (const key of keys) {
            if (key < head.first || key > head.last || gone.has(key)) continue;
            const at = findKey(packed, key);
            if (at >= 0) found.set(key, { head, read: () => readRow(pack, at) });
          }
        }
        return found;
      });
    });
  }

  /** What an index has in a range, in no order. */
  entries(
    trans: DBCoreTransaction,
    { name }: DBCoreTableSchema,
    index: DBCoreIndex,
    range: DBCoreKeyRange,
  ): PromiseExtended<Entry[]> {
    return this.list(trans, name).then((heads) => {
      const wanted = heads.filter((head) => mayHold(head, index, range));
      return this.#open(trans, wanted).then((opened) => {
        const entries: Entry[] = [];
        for (const { pack, gone } of opened) {
          const packed = this.#keysIn(pack, name);
          for (const at of placesIn(pack, packed.length, index, range)) {
            const primaryKey = String(packed[at]);
            if (gone.has(primaryKey)) continue;
            for (const key of keysAt(pack, index, at)) {
              if (isInRange(key, range)) entries.push({ key, primaryKey, read: () => readRow(pack, at) });
            }
          }
        }
        return entries;
      });
    });
  }

  count(trans: DBCoreTransaction, { name }: DBCoreTableSchema): PromiseExtended<number> {
    return this.list(trans, name).then((heads) => {
      const keys = heads.map(({ packId }) => packId);
      return resolved(this.#core.table('packGaps').getMany({ trans, keys })).then(
        (gaps: (PackGaps | undefined)[]) =>
          heads.reduce((sum, head, at) => sum + head.count - (gaps[at]?.gone.length ?? 0), 0),
      );
    });
  }

  /** Takes these rows out of the packs they are in. */
  hide(trans: DBCoreTransaction, schema: DBCoreTableSchema, keys: readonly string[]): PromiseExtended<void> {
    return this.find(trans, schema, keys).then((found) => {
      if (found.size === 0) return;
      const leaving = new Map<PackHead, string[]>();
      for (const [key, { head }] of found) leaving.set(head, [...(leaving.get(head) ?? []), key]);
      const heads = [...leaving.keys()];
      const store = this.#core.table('packGaps');
      return resolved(store.getMany({ trans, keys: heads.map(({ packId }) => packId) })).then(
        (gaps: (PackGaps | undefined)[]) => {
          const values = heads.map((head, at) => {
            const gone = [...(gaps[at]?.gone ?? []), ...(leaving.get(head) ?? [])];
            return { packId: head.packId, gone };
          });
          const empty = heads.filter(({ count }, at) => values[at]?.gone.length === count);
          this.#seen.delete(trans);
          return this.#put(trans, 'packGaps', values).then(() =>
            empty.length > 0 ? this.#remove(trans, empty) : undefined,
          );
        },
      );
    });
  }

  /** Keeps rows that are in no pack; all have the same columns. */
  add(trans: DBCoreTransaction, schema: DBCoreTableSchema, values: readonly Row[]): PromiseExtended<void> {
    const keyColumn = this.#keyColumn(schema.name);
    const rows = [...values].sort((a, b) => (String(a[keyColumn]) < String(b[keyColumn]) ? -1 : 1));
    const made = Array.from({ length: Math.ceil(rows.length / packSize) }, (_, at) =>
      makePack(schema.name, keyColumn, rows.slice(at * packSize, (at + 1) * packSize), schema.indexes),
    );
    this.#seen.delete(trans);
    return Dexie.Promise.all([
      this.#put(
        trans,
        'packHeads',
        made.map(({ head }) => head),
      ),
      this.#put(
        trans,
        'packs',
        made.map(({ pack }) => pack),
      ),
    ]).then(() => undefined);
  }

  clear(trans: DBCoreTransaction, { name }: DBCoreTableSchema): PromiseExtended<void> {
    return this.list(trans, name).then((heads) => this.#remove(trans, heads));
  }

  #remove(trans: DBCoreTransaction, heads: readonly PackHead[]): PromiseExtended<void> {
    const keys = heads.map(({ packId }) => packId);
    this.#seen.delete(trans);
    return Dexie.Promise.all(
      packStoreNames.map((store) => this.#core.table(store).mutate({ trans, type: 'delete', keys })),
    ).then(() => undefined);
  }

  #put(trans: DBCoreTransaction, store: string, values: readonly object[]): PromiseExtended<void> {
    return resolved(this.#core.table(store).mutate({ trans, type: 'put', values })).then(
      ({ numFailures, failures }) => {
        // Told, not thrown, by IndexedDB's layer; half a pack would be lost rows.
        if (numFailures > 0) throw Object.values(failures)[0];
      },
    );
  }

  #keysIn({ columns }: PackRecord, table: string): readonly unknown[] {
    return columns[this.#keyColumn(table)] ?? [];
  }

  #keyColumn(table: string): string {
    const { keyPath } = this.#core.table(table).schema.primaryKey;
    if (typeof keyPath !== 'string') throw new Error(`The key of ${table} is not one column`);
    return keyPath;
  }
}

/** As a promise of Dexie's, in whose zone what follows runs. */
function resolved<T>(promise: PromiseLike<T>): PromiseExtended<T> {
  return Dexie.Promise.resolve(promise);
}
