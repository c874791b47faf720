import { liveQuery } from 'dexie';
import type { LocalDb } from '../local_db/local_db';
import { readMeta, writeMeta } from '../local_db/meta';

/**
 * Gives up the position and resolves when everything has been loaded anew and has taken the old rows' place,
 * which takes a network. What waits to be sent is not touched, and stays shown.
 * @param reload has the leading tab begin again at the stored position
 */
export async function rebuildRows(db: LocalDb, signal: AbortSignal, reload: () => void): Promise<void> {
  await writeMeta(db, 'position', { cursor: null, scopes: [] });
  reload();
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const subscription = liveQuery(() => readMeta(db, 'position')).subscribe({
      next: (position) => {
        if (position?.cursor) end(resolve);
      },
      error: (error) => end(() => reject(error)),
    });
    const onAbort = () => end(() => reject(signal.reason));
    signal.addEventListener('abort', onAbort);
    function end(settle: () => void) {
      signal.removeEventListener('abort', onAbort);
      // the first value may come before `subscribe` has returned
      queueMicrotask(() => subscription.unsubscribe());
      settle();
    }
  });
}
