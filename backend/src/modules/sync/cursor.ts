import { syncProtocolVersion } from '@raptscallions/zod-schemas/sync.zod';
import { syncSchemaHash } from '@raptscallions/zod-schemas/sync_table';
import { z } from 'zod';

const snapshot = z.string().regex(/^\d+:\d+:(\d+(,\d+)*)?$/);

const CursorZod = z.object({
  v: z.number(),
  epoch: z.string(),
  schema: z.string(),
  /** what the browser has seen */
  s: snapshot,
});
export type Cursor = z.infer<typeof CursorZod>;

/** The place inside a load of several pages; it never reaches the browser's store. */
const PageZod = z.object({
  /** null: a first load */
  s: snapshot.nullable(),
  /** all pages show what this snapshot sees; the last one adds what came after it */
  t: snapshot,
  /** scopes of which these pages load everything */
  fresh: z.array(z.string()),
  /** scopes that earlier pages have loaded up to `s`, and that the browser does not count as held yet */
  loaded: z.array(z.string()),
  after: z.object({ xid: z.string().regex(/^\d+$/), scope: z.string(), rowId: z.uuid() }),
});
export type PagePlace = z.infer<typeof PageZod>;

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

export function encodeCursor(epoch: string, s: string): string {
  return encode({ v: syncProtocolVersion, epoch, schema: syncSchemaHash, s } satisfies Cursor);
}

export type CursorReset = 'age' | 'epoch' | 'schema' | 'protocol';

/** The snapshot of a cursor, or why the browser has to begin anew. A cursor is not secret and not trusted. */
export function readCursor(
  text: string,
  { epoch, purged, now }: { epoch: string; purged: string; now: string },
): { s: string } | { reset: CursorReset } {
  const cursor = decode(CursorZod, text);
  if (!cursor || cursor.v !== syncProtocolVersion) return { reset: 'protocol' };
  if (cursor.schema !== syncSchemaHash) return { reset: 'schema' };
  if (cursor.epoch !== epoch) return { reset: 'epoch' };
  const [xmin = '0', xmax = '0'] = cursor.s.split(':');
  // Tombstones this browser has not seen were purged; or its snapshot is one this server has yet to reach.
  if (BigInt(xmin) <= BigInt(purged)) return { reset: 'age' };
  if (BigInt(xmax) > BigInt(now.split(':')[1] ?? '0')) return { reset: 'epoch' };
  return { s: cursor.s };
}

export const encodePage = (place: PagePlace): string => encode(place);
export const readPage = (text: string): PagePlace | undefined => decode(PageZod, text);
