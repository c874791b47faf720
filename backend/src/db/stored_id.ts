import { type IdPrefix, idPrefixes, type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';

/** An id in the form the column has, for conditions; its type keeps a rich id from being compared by mistake. */
export type StoredId<P extends IdPrefix = IdPrefix> = string & { readonly storedId: P };

type PrefixOf<I> = I extends `${infer P extends IdPrefix}-${string}` ? P : never;
type Stored<I> = I extends RichId ? StoredId<PrefixOf<I>> : I;

const known = new Map<string, IdPrefix>(idPrefixes.map((prefix) => [prefix, prefix]));

/** One id for a condition: `where({ classId: storedId(classId) })`. */
export function storedId<P extends IdPrefix>(id: RichId<P>): StoredId<P> {
  const prefix = known.get(id.slice(0, id.indexOf('-')));
  return uuidFromId(prefix ?? 'tenant', id) as StoredId<P>;
}

/** Several ids for a condition: `where({ classId: { in: storedIds(classIds) } })`. */
export function storedIds<P extends IdPrefix>(ids: readonly RichId<P>[]): StoredId<P>[] {
  return ids.map((id) => storedId(id));
}

/** The ids of a condition at once: `findByOptional(stored({ tenantId, classId }))`. */
export function stored<T extends Record<string, RichId | null>>(ids: T): { [K in keyof T]: Stored<T[K]> } {
  return Object.fromEntries(
    Object.entries(ids).map(([name, id]) => [name, id === null ? null : storedId(id)]),
  ) as { [K in keyof T]: Stored<T[K]> };
}
