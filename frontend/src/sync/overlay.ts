import type { EditName } from '@raptscallions/zod-schemas/edit.zod';
import type { LocalDb } from '../local_db/local_db';
import type { Edit } from './edit';
import { OverlayWriter } from './overlay_writer';

export type EditsByName = ReadonlyMap<EditName, Edit>;

/** Gives every row that waiting edits have changed its server's version back. */
export async function liftOverlay(db: LocalDb): Promise<void> {
  for (const { table, id, row } of await db.shadows.toArray()) {
    if (row) await db.table(table).put(row);
    else await db.table(table).delete(id);
  }
  await db.shadows.clear();
}

/**
 * Shows the waiting edits, in order, over the server's rows. One that cannot be applied to what stands there
 * now shows nothing; whether it is done is for the server to say.
 */
export async function layOverlay(db: LocalDb, edits: EditsByName): Promise<void> {
  for (const { name, args, createdAt } of await db.outbox.orderBy('mid').toArray()) {
    const writer = new OverlayWriter(db);
    try {
      await edits.get(name)?.apply(writer, args, { userId: db.userId, now: createdAt });
    } catch {
      await writer.undo();
    }
  }
}

/** Lays the waiting edits anew: after the outbox has changed, or the app's own code. */
export async function relayOverlay(db: LocalDb, edits: EditsByName): Promise<void> {
  await liftOverlay(db);
  await layOverlay(db, edits);
}
