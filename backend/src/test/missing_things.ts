import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { Things } from './build_mirror_school';

/** Things of the same kinds that exist nowhere. */
export function missingThings(like: Things): Things {
  return Object.fromEntries(Object.entries(like).map(([name, id]) => [name, anotherId(id)])) as Things;
}

/** A new id of the same kind. */
export function anotherId(id: RichId): RichId {
  return newId(id.slice(0, id.indexOf('-')) as Parameters<typeof newId>[0]);
}
