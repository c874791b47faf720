import type { SyncTableName } from '@raptscallions/zod-schemas/sync_table';
import type { LocalDb } from '../local_db/local_db';
import { readMeta } from '../local_db/meta';
import { digestRows } from './digest_rows';
import type { SyncSurroundings } from './surroundings';

/** Rows on this device and on the server; `identical`: every column of every row. */
export type TableComparison = { table: SyncTableName; here: number; there: number; identical: boolean };

/** Changes came faster than they could be compared, or none could be fetched. */
export class StillMovingError extends Error {
  override name = 'StillMovingError';
}

const mostTries = 10;
const firstPauseMs = 100;
const longestPauseMs = 2_000;

/**
 * Compares what this device holds with what the server has for it. Both are read at the same position: the
 * server answers only when nothing lies between the device's and its own, else the device catches up first.
 * @param catchUp asks whoever follows the server to do so now
 * @throws StillMovingError, and whatever the call throws
 */
export async function compareRows(
  db: LocalDb,
  surroundings: SyncSurroundings,
  signal: AbortSignal,
  catchUp: () => void,
): Promise<TableComparison[]> {
  for (let tries = 0; tries < mostTries; tries++) {
    if (tries > 0) {
      catchUp();
      await surroundings.wait(Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs), signal);
      signal.throwIfAborted();
    }
    const here = await readHere(db);
    if (!here) continue;
    const { moved, tables } = await surroundings.api.digest(here.asked, { signal });
    if (moved) continue;
    return tables.map(({ table, rows, hash }) => {
      const mine = here.digests.get(table) ?? { rows: 0, hash: '' };
      return { table, here: mine.rows, there: rows, identical: mine.rows === rows && mine.hash === hash };
    });
  }
  throw new StillMovingError('The rows changed while they were compared');
}

/** Rows and position of one moment; nothing before the first load is complete. */
function readHere(db: LocalDb) {
  return db.transaction('r', db.tables, async () => {
    const position = await readMeta(db, 'position');
    const client = await readMeta(db, 'client');
    if (!client || !position || position.cursor === null) return null;
    const asked = {
      cursor: position.cursor,
      scopes: position.scopes,
      syncClientId: client.syncClientId,
    };
    return { asked, digests: await digestRows(db) };
  });
}
