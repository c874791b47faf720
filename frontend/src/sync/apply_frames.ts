import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import { syncSchemaHash, syncTableNames } from '@raptscallions/zod-schemas/sync_table';
import type { LocalDb } from '../local_db/local_db';
import { readMeta, writeMeta } from '../local_db/meta';
import type { FrameBatch } from './frame_reader';
import { readClient, renewClient } from './outbox';
import { type EditsByName, layOverlay, liftOverlay } from './overlay';
import { RowSet } from './row_set';

/** Another version of the app has opened this database since, and keeps rows here with columns of its own. */
export class DisplacedError extends Error {
  override name = 'DisplacedError';
}

export type AppliedBatch = {
  /** false: another batch was stored since this one was asked for, so that this one says nothing new */
  stored: boolean;
  /** this browser profile got a new name: the open stream still speaks for the old one */
  renewed: boolean;
};

/**
 * Stores a batch, in one transaction over everything: what a page reads is always the server at one moment
 * with the waiting edits over it. A batch from the very beginning replaces all rows there were.
 * @param now milliseconds since 1970
 * @throws DisplacedError when it is of another version of the app than the rows here
 */
export async function applyFrames(
  db: LocalDb,
  edits: EditsByName,
  { from, frames, cursor }: FrameBatch,
  now: number,
): Promise<AppliedBatch> {
  return db.transaction('rw', db.tables, async () => {
    const schemaHash = await readMeta(db, 'schemaHash');
    if (schemaHash !== undefined && schemaHash !== syncSchemaHash)
      throw new DisplacedError('Another version of the app keeps its rows here');
    const position = (await readMeta(db, 'position')) ?? { cursor: null, scopes: [] };
    if (position.cursor !== from) return { stored: false, renewed: false };
    // Not there when the browser has taken the database away under an open page, and it was made anew.
    if (schemaHash === undefined) await writeMeta(db, 'schemaHash', syncSchemaHash);
    await liftOverlay(db);
    if (from === null) for (const table of syncTableNames) await db.table(table).clear();
    const rows = new RowSet(db, from === null ? [] : position.scopes);
    await rows.apply(frames);
    await rows.store();
    await writeMeta(db, 'position', { cursor, scopes: [...rows.scopes] });
    await writeMeta(db, 'lastSyncedAt', now);
    if (!(await readMeta(db, 'loadedOnce'))) await writeMeta(db, 'loadedOnce', true);
    const renewed = await acknowledge(db);
    await layOverlay(db, edits);
    return { stored: true, renewed };
  });
}

/** Drops the edits the server has settled as of this batch, and lists those it has refused. */
async function acknowledge(db: LocalDb): Promise<boolean> {
  const { syncClientId, nextMid } = await readClient(db);
  const lastMid = (await db.syncClients.get(syncClientId))?.lastMid ?? 0;
  await listRefusals(db, syncClientId);
  await db.outbox.where('sentMid').belowOrEqual(lastMid).delete();
  // More settled than was ever sent: a copy of this browser profile goes by the same name, and the numbers
  // of this one's next edits are taken already.
  if (lastMid < nextMid) return false;
  await renewClient(db);
  return true;
}

async function listRefusals(db: LocalDb, syncClientId: SyncClientId): Promise<void> {
  const sent = await db.syncRefusals.where('syncClientId').equals(syncClientId).toArray();
  const listed = await db.refusals.bulkGet(sent.map((refusal) => refusal.syncRefusalId));
  for (const [at, { $rev, $scopes, ...refusal }] of sent.entries()) {
    if (listed[at]) continue;
    const entry = await db.outbox.where('sentMid').equals(refusal.mid).first();
    await db.refusals.put({ ...refusal, args: entry?.args ?? null, discarded: false });
  }
  const kept = new Set<string>(sent.map((refusal) => refusal.syncRefusalId));
  await db.refusals.filter((refusal) => refusal.discarded && !kept.has(refusal.syncRefusalId)).delete();
}
