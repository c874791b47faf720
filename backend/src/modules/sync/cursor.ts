import { createHash } from 'node:crypto';
import { syncVersion } from '@raptscallions/zod-schemas/sync.zod';
import { z } from 'zod';
import { isSnapshot, type Snapshot } from './snapshot';

/** What a cursor is good for: one life of the database, one version of frames and columns. */
function stampOf(epoch: string): string {
  return createHash('sha256').update(`${syncVersion} ${epoch}`).digest().readUInt32BE(0).toString(36);
}
let lastStamp = { epoch: '', stamp: '' };

const text36 = (number: bigint) => number.toString(36);

function number36(text: string): bigint | undefined {
  if (!/^[0-9a-z]{1,13}$/.test(text)) return undefined;
  let number = 0n;
  for (const digit of text) number = number * 36n + BigInt(Number.parseInt(digit, 36));
  return number;
}

/**
 * Where a browser stands, as short text: it closes every live frame and is all of an answer without news.
 * `stamp.xmin.width.running…`, the numbers to the base 36 and, after xmin, as distances from it.
 */
export function encodeCursor(epoch: string, snapshot: Snapshot): string {
  if (lastStamp.epoch !== epoch) lastStamp = { epoch, stamp: stampOf(epoch) };
  const [xmin = '0', xmax = '0', running = ''] = snapshot.split(':');
  const from = BigInt(xmin);
  const distances = [xmax, ...running.split(',').filter(Boolean)].map((xid) => text36(BigInt(xid) - from));
  return [lastStamp.stamp, text36(from), ...distances].join('.');
}

/** The snapshot inside a cursor, whatever it is good for; undefined for text that is none. */
export function snapshotOf(cursor: string): Snapshot | undefined {
  const [xmin, width, ...running] = cursor.split('.').slice(1).map(number36);
  if (xmin === undefined || width === undefined) return undefined;
  const xids = running.map((distance) => (distance === undefined ? undefined : xmin + distance));
  if (xids.includes(undefined)) return undefined;
  const text = `${xmin}:${xmin + width}:${xids.join(',')}`;
  return isSnapshot(text) ? text : undefined;
}

/**
 * `age`: tombstones it has not seen are gone; `epoch`: of another database, or of a state this one has yet to
 * reach; `protocol`: of another version, or no cursor at all; `rights`: a part of a load is of a scope that has
 * been lost since the load began.
 */
export type CursorReset = 'age' | 'epoch' | 'protocol' | 'rights';

/** The snapshot of a cursor, or why the browser has to begin anew. A cursor is not secret and not trusted. */
export function readCursor(
  cursor: string,
  { epoch, purged, now }: { epoch: string; purged: string; now: string },
): { s: Snapshot } | { reset: CursorReset } {
  const s = snapshotOf(cursor);
  if (s === undefined) return { reset: 'protocol' };
  if (cursor.split('.', 1)[0] !== stampOf(epoch)) return { reset: 'epoch' };
  const [xmin = '0', xmax = '0'] = s.split(':');
  if (BigInt(xmin) <= BigInt(purged)) return { reset: 'age' };
  if (BigInt(xmax) > BigInt(now.split(':')[1] ?? '0')) return { reset: 'epoch' };
  return { s };
}

/** Entries of one scope and table; of a great many only every `of`th, beginning with `slice`. */
export type EntryGroup = { scope: string; tbl: number; of: number; slice: number };

const snapshot = z.string().max(100_000).refine(isSnapshot);
const scope = z.string().max(120);
const part = {
  /** what the browser had seen; null: nothing */
  s: snapshot.nullable(),
  /** all parts show what this snapshot sees */
  t: snapshot,
  /** scopes of these groups that are loaded whole */
  fresh: z.array(scope),
  groups: z.array(z.object({ scope, tbl: z.int(), of: z.int().min(1), slice: z.int().min(0) })),
};
/** A part of a load too large for one answer, or the place from which the rest goes on when all parts are there. */
const PlaceZod = z.union([z.object(part), z.object({ t: snapshot, loaded: z.array(scope) })]);
export type Place = z.infer<typeof PlaceZod>;

export const encodePlace = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** Undefined for text that is no place. It never reaches a browser's store, and is not trusted either. */
export function readPlace(text: string): Place | undefined {
  try {
    return PlaceZod.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
