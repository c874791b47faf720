import type { EditName } from '@raptscallions/zod-schemas/edit.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import type { LocalDb, OutboxRecord } from '../local_db/local_db';
import { type Meta, readMeta, writeMeta } from '../local_db/meta';
import { type EditsByName, relayOverlay } from './overlay';
import { OverlayWriter } from './overlay_writer';

const maxEntries = 100;
/** characters of JSON; a tool's source alone may be 64 kB, and servers refuse bodies that are too large */
const maxCharacters = 256_000;

function find(edits: EditsByName, name: EditName) {
  const edit = edits.get(name);
  if (!edit) throw new Error(`no edit is called ${name}`);
  return edit;
}

/**
 * Shows an edit and queues it, in one transaction: both or neither.
 * @throws ZodError for wrong `args`, and whatever the edit's own `apply` throws
 */
export async function addEdit(
  db: LocalDb,
  edits: EditsByName,
  entry: { name: EditName; args: unknown; now: number },
): Promise<void> {
  const edit = find(edits, entry.name);
  const args = edit.parse(entry.args);
  await db.transaction('rw', db.tables, async () => {
    await edit.apply(new OverlayWriter(db), args, { userId: db.userId, now: entry.now });
    await db.outbox.add({ sentMid: null, name: entry.name, args, createdAt: entry.now });
  });
}

/** False when the entry is gone or has been on the wire: then only the server knows whether it is done. */
export async function removeEdit(db: LocalDb, edits: EditsByName, mid: number): Promise<boolean> {
  return db.transaction('rw', db.tables, async () => {
    const entry = await db.outbox.get(mid);
    if (!entry || entry.sentMid !== null) return false;
    await db.outbox.delete(mid);
    await relayOverlay(db, edits);
    return true;
  });
}

/**
 * Changes what a queued edit says; it keeps its place and its time. False as in {@link removeEdit}.
 * @throws ZodError for wrong `args`
 */
export async function replaceEdit(
  db: LocalDb,
  edits: EditsByName,
  mid: number,
  args: unknown,
): Promise<boolean> {
  return db.transaction('rw', db.tables, async () => {
    const entry = await db.outbox.get(mid);
    if (!entry || entry.sentMid !== null) return false;
    await db.outbox.put({ ...entry, args: find(edits, entry.name).parse(args) });
    await relayOverlay(db, edits);
    return true;
  });
}

/** This browser profile's name on the server, minted at first use. Wants a transaction over `meta`. */
export async function readClient(db: LocalDb): Promise<Meta['client']> {
  const known = await readMeta(db, 'client');
  if (known) return known;
  const client = { syncClientId: newId('device'), nextMid: 1 };
  await writeMeta(db, 'client', client);
  return client;
}

export type OutboxBatch = {
  syncClientId: SyncClientId;
  entries: (OutboxRecord & { sentMid: number })[];
};

/**
 * The next entries to push, oldest first; null when none waits. Their numbers are stored before the first
 * byte leaves, so that after a crash the same entry is sent under the same number.
 * @param settledMid entries up to here are known to the server and wait only for their acknowledgement
 */
export async function takeBatch(
  db: LocalDb,
  settledMid: number,
  limit = maxEntries,
): Promise<OutboxBatch | null> {
  return db.transaction('rw', db.outbox, db.meta, async () => {
    const client = await readClient(db);
    const entries: OutboxBatch['entries'] = [];
    let { nextMid } = client;
    let characters = 0;
    for (const entry of await db.outbox.orderBy('mid').toArray()) {
      if (entry.sentMid !== null && entry.sentMid <= settledMid) continue;
      characters += JSON.stringify(entry.args ?? null).length;
      if (entries.length >= limit || (entries.length > 0 && characters > maxCharacters)) break;
      entries.push({ ...entry, sentMid: entry.sentMid ?? nextMid++ });
    }
    if (entries.length === 0) return null;
    if (nextMid !== client.nextMid) {
      await db.outbox.bulkPut(entries);
      await writeMeta(db, 'client', { ...client, nextMid });
    }
    return { syncClientId: client.syncClientId, entries };
  });
}

/**
 * Begins again under a new name, every waiting entry numbered anew. Only when the server has certainly done
 * none of them under the old name; else they would be done twice. Wants a transaction over `outbox`, `meta`.
 */
export async function renewClient(db: LocalDb): Promise<void> {
  await writeMeta(db, 'client', { syncClientId: newId('device'), nextMid: 1 });
  await db.outbox.toCollection().modify({ sentMid: null });
}
