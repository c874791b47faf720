import { syncTableNames } from '@raptscallions/zod-schemas/sync_table';
import type { LocalDb } from './local_db';
import { writeMeta } from './meta';

/**
 * Drops every row of the server and the position they were at, so that the next load begins at the
 * beginning. The outbox, drafts and refusals stay. The position goes first: half done, it is still true.
 */
export async function forgetServerRows(db: LocalDb): Promise<void> {
  await writeMeta(db, 'position', { cursor: null, scopes: [] });
  for (const name of syncTableNames) await db.table(name).clear();
  await db.shadows.clear();
}
