import { z } from 'zod';
import { runId } from './chat.zod';
import { syncClientId } from './sync_client.zod';
import { type SyncTableName, syncSchemaHash, syncTableNames } from './sync_table';

/** Bump with any change of the frames below; `sync_protocol.test.ts` holds the hash of their schemas. */
export const syncProtocolVersion = 3;

/** The header in which a browser says what it speaks, and what we speak: frames and columns must be the same. */
export const syncVersionHeader = 'x-rapt-sync';
export const syncVersion = `${syncProtocolVersion}.${syncSchemaHash}`;
/** `details.reason` of the refusal of any other version. */
export const otherVersion = 'other_version';

/** For instance `user:user-01…`, `class:class-01…:staff`. Who stands in which: the server's `placements`. */
export const syncScope = z.string().max(120);

/** `[table number, revs, columns in the order of syncTables]`: what `packSyncRows` makes */
const wireRows = z.tuple([z.int(), z.array(z.int()), z.array(z.union([z.string(), z.array(z.unknown())]))]);
/** `[table number, rev, uuid]` */
const wireTombstone = z.tuple([z.int(), z.int(), z.string()]);

export const streamEnd = z.enum(['signed_out', 'suspended', 'expired', 'shutdown']);

/**
 * What pull and stream both speak. A browser gathers frames until `cursor` and stores them with that cursor
 * in one transaction; a connection that ends earlier has said nothing.
 */
export const SyncFrameZod = z.discriminatedUnion('kind', [
  /** `replace`: forget what this scope held before; the first frame of a scope that is new to the client. */
  z.object({
    kind: z.literal('rows'),
    scope: syncScope,
    replace: z.boolean().optional(),
    rows: z.array(wireRows),
    gone: z.array(wireTombstone).optional(),
  }),
  /** scopes the person has lost: rows that stand in no other held scope go */
  z.object({ kind: z.literal('gone'), scopes: z.array(syncScope) }),
  z.object({ kind: z.literal('cursor'), cursor: z.string() }),
  /** it cannot be continued from here: give up the position, keep the outbox, load from the beginning */
  z.object({ kind: z.literal('reset'), reason: z.enum(['age', 'epoch', 'protocol', 'rights']) }),
  /** too much to send on a stream: pull, then open it again */
  z.object({ kind: z.literal('pull') }),
  /** released text of a run; `attempt` rises when another worker starts over, then `text` begins anew */
  z.object({ kind: z.literal('chunk'), runId, attempt: z.int(), seq: z.int(), text: z.string() }),
  z.object({ kind: z.literal('end'), reason: streamEnd }),
]);
export type SyncFrame = z.infer<typeof SyncFrameZod>;

const position = {
  syncClientId,
  /** null: a first load */
  cursor: z.string().max(100_000).nullable(),
  scopes: z.array(syncScope).max(20_000),
};

export const SyncPullInputZod = z.object({
  ...position,
  /** one of the `parts`, or the `next`, of an answer before */
  next: z.string().max(4_000_000).nullable().optional(),
});
export const SyncPageZod = z.object({
  __type: z.literal('SyncPage'),
  frames: z.array(SyncFrameZod),
  /** what is too much for one answer: to be asked for in any order, several at once, each an answer of frames */
  parts: z.array(z.string()).optional(),
  /** to be asked for when all parts are there; null: a part, or all there is, and then its last frame is the cursor */
  next: z.string().nullable(),
});
export type SyncPage = z.infer<typeof SyncPageZod>;

export const SyncDigestInputZod = z.object({ ...position, cursor: z.string().max(100_000) });
/** What the server has for whoever stands at the given position, table by table. */
export const SyncDigestZod = z.object({
  __type: z.literal('SyncDigest'),
  /** there is more than the position says: catch up and ask again; then no tables are listed */
  moved: z.boolean(),
  tables: z.array(
    z.object({
      table: z.enum(syncTableNames as [SyncTableName, ...SyncTableName[]]),
      rows: z.int().nonnegative(),
      /** of `TableDigest` */
      hash: z.string(),
    }),
  ),
});
export type SyncDigest = z.infer<typeof SyncDigestZod>;

export const SyncSealKeyZod = z.object({
  __type: z.literal('SyncSealKey'),
  /** base64 of 32 bytes */
  key: z.base64(),
});

export const SyncStreamInputZod = z.object({ ...position, streamId: z.string().min(8).max(64) });

/** Which runs, besides one's own, the stream shall carry; replaces the set before. */
export const StreamWatchInputZod = z.object({
  streamId: z.string().min(8).max(64),
  runIds: z.array(runId).max(200),
});
export const StreamWatchZod = z.object({ __type: z.literal('StreamWatch'), runIds: z.array(runId) });

export const SyncPushInputZod = z.object({
  syncClientId,
  mutations: z
    .array(z.object({ mid: z.int().positive(), name: z.string().max(60), args: z.unknown() }))
    .min(1)
    .max(100),
});
export const SyncPushZod = z.object({
  __type: z.literal('SyncPush'),
  /** the highest mutation settled, applied or refused; sent again from here when lower than expected */
  lastMid: z.int().nonnegative(),
});
