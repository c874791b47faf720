import { unpackIds } from '@raptscallions/zod-schemas/packed_ids';
import { idPrefixes, type RichId } from '@raptscallions/zod-schemas/rich_id';
import { storedId } from '../db/stored_id';

export const richIdText = new RegExp(`\\b(?:${idPrefixes.join('|')})-[0-7][0-9A-HJKMNP-TV-Z]{25}\\b`, 'g');
export const uuidText = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
/** Columns of ids in frames of sync. */
const packedText = /(?<=")(?:[A-Za-z0-9+/]{22}(?:AA|==))+(?=")/g;

/** The ids of a JSON text, in whatever spelling, as uuids. */
export function idsIn(text: string): Set<string> {
  const rich: string[] = text.match(richIdText) ?? [];
  const packed = (text.match(packedText) ?? [])
    .flatMap((ids) => unpackIds('user', ids))
    .filter((id) => id !== null);
  const uuids: string[] = text.match(uuidText) ?? [];
  return new Set([...uuids, ...[...rich, ...packed].map((id) => String(storedId(id as RichId)))]);
}
