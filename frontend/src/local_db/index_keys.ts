import { cmp, type DBCoreIndex, type DBCoreKeyRange } from 'dexie';

/** Dexie's names for these exist in its types only. */
export const rangeTypes = { equal: 1, range: 2, any: 3, never: 4 } as const;
export const anyRange: DBCoreKeyRange = { type: rangeTypes.any, lower: undefined, upper: undefined };

const isKey = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

/** The keys a row has in an index, read out of its columns; none for a row the index leaves out. */
export function keysOf({ keyPath, multiEntry }: DBCoreIndex, read: (column: string) => unknown): unknown[] {
  if (Array.isArray(keyPath)) {
    const key = keyPath.map(read);
    return key.every(isKey) ? [key] : [];
  }
  const value = read(keyPath ?? '');
  if (multiEntry && Array.isArray(value)) return [...new Set(value.filter(isKey))];
  return isKey(value) ? [value] : [];
}

/** The order IndexedDB has keys in; most are texts, which need no look at their kind. */
export function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return cmp(a, b);
}

export function isInRange(
  key: unknown,
  { type, lower, upper, lowerOpen, upperOpen }: DBCoreKeyRange,
): boolean {
  if (type === rangeTypes.any) return true;
  if (type === rangeTypes.never) return false;
  if (type === rangeTypes.equal) return compareKeys(key, lower) === 0;
  if (lower !== undefined) {
    const above = compareKeys(key, lower);
    if (above < 0 || (lowerOpen && above === 0)) return false;
  }
  if (upper === undefined) return true;
  const below = compareKeys(key, upper);
  return below < 0 || (!upperOpen && below === 0);
}
