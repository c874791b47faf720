import { cmp, type DBCoreIndex, type DBCoreKeyRange, Dexie } from 'dexie';
import { keysOf, rangeTypes } from './index_keys';

export type Row = Record<string, unknown>;

/** What a pack holds, to find the packs a query needs; `terms` are the values its indexes begin with. */
export type PackHead = {
  packId: string;
  table: string;
  count: number;
  first: string;
  last: string;
  terms: Record<string, string[]>;
};
/** Rows in the order of their keys, column by column: quicker to store, and to look through, than row by row. */
export type PackRecord = { packId: string; columns: Record<string, unknown[]> };
/** A pack in memory, and where in it the rows are whose keys begin with a term, by index. */
export type Pack = PackRecord & { places: Map<string, Map<unknown, number[]>> };

/** A pack of rows in the order of their keys, and its head; all have the same columns. */
export function makePack(
  table: string,
  keyColumn: string,
  rows: readonly Row[],
  indexes: readonly DBCoreIndex[],
): { head: PackHead; pack: PackRecord } {
  const columns = Object.keys(rows[0] ?? {}).map(
    (column) => [column, rows.map((row) => row[column])] as const,
  );
  const pack = { packId: newPackId(), columns: Object.fromEntries(columns) };
  const [first, last] = [String(rows[0]?.[keyColumn]), String(rows.at(-1)?.[keyColumn])];
  const terms = termsOf(pack, rows.length, indexes);
  return { head: { packId: pack.packId, table, count: rows.length, first, last, terms }, pack };
}

/** Not `randomUUID`, which a school's server without TLS lacks. */
function newPackId(): string {
  const random = crypto.getRandomValues(new Uint32Array(3));
  return [Date.now(), ...random].map((part) => part.toString(36)).join('-');
}

export function readRow({ columns }: PackRecord, at: number): Row {
  const row: Row = {};
  // Whoever reads a row may change it; what the pack in memory holds must stay as it is stored.
  for (const column in columns) row[column] = Dexie.deepClone(columns[column]?.[at]);
  return row;
}

export function keysAt({ columns }: PackRecord, index: DBCoreIndex, at: number): unknown[] {
  return keysOf(index, (column) => columns[column]?.[at]);
}

/** The place of a key among keys in order, or -1. */
export function findKey(keys: readonly unknown[], key: string): number {
  let low = 0;
  let high = keys.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = String(keys[middle]);
    if (found === key) return middle;
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The rows of a pack an index may have in a range; all of them, unless its keys there begin alike. */
export function placesIn(
  pack: Pack,
  count: number,
  index: DBCoreIndex,
  range: DBCoreKeyRange,
): Iterable<number> {
  const term = beginningOf(range.lower, index);
  const isOne = term !== undefined && term === beginningOf(range.upper, index);
  if (index.isPrimaryKey || index.name === null || !isOne) return Array(count).keys();
  let places = pack.places.get(index.name);
  if (!places) {
    places = new Map();
    for (let at = 0; at < count; at++) {
      for (const key of keysAt(pack, index, at)) {
        const beginning = beginningOf(key, index);
        const known = places.get(beginning);
        if (known) known.push(at);
        else places.set(beginning, [at]);
      }
    }
    pack.places.set(index.name, places);
  }
  return places.get(term) ?? [];
}

function termsOf(pack: PackRecord, count: number, indexes: readonly DBCoreIndex[]) {
  const terms: Record<string, string[]> = {};
  for (const index of indexes) {
    const beginnings = new Set<unknown>();
    for (let at = 0; at < count; at++) {
      for (const key of keysAt(pack, index, at)) beginnings.add(beginningOf(key, index));
    }
    const texts = [...beginnings].filter((term) => typeof term === 'string');
    // Numbers are not kept: an index that begins with one looks into every pack.
    if (index.name !== null && texts.length === beginnings.size) terms[index.name] = texts;
  }
  return terms;
}

/** The first column's part of a key: what `terms` are. */
function beginningOf(key: unknown, { compound }: DBCoreIndex): unknown {
  return compound && Array.isArray(key) ? key[0] : key;
}

export function mayHold(head: PackHead, index: DBCoreIndex, range: DBCoreKeyRange): boolean {
  if (range.type === rangeTypes.never) return false;
  if (range.type === rangeTypes.any) return true;
  const lower: unknown = beginningOf(range.lower, index);
  const upper: unknown = beginningOf(range.upper, index);
  const isAround = (low: string, high: string) =>
    (lower === undefined || cmp(high, lower) >= 0) && (upper === undefined || cmp(low, upper) <= 0);
  if (index.isPrimaryKey) return isAround(head.first, head.last);
  const terms = head.terms[index.name ?? ''];
  if (!terms) return true;
  return terms.some((term) => (lower === upper ? term === lower : isAround(term, term)));
}
