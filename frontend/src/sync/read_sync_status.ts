import { syncVersion } from '@raptscallions/zod-schemas/sync.zod';
import type { LocalDb } from '../local_db/local_db';
import { readMeta } from '../local_db/meta';
import type { RoomState } from './storage_room';
import type { SyncStatus } from './use_sync_status';

/** Until the database has been asked. */
export const unknownStatus: SyncStatus = {
  online: true,
  offlineSince: null,
  queued: 0,
  sending: false,
  refused: 0,
  firstLoad: true,
  lastSyncedAt: null,
  signedOut: false,
  outdated: false,
  displaced: false,
  full: false,
  lost: 0,
};

/** Everything but room and version of the page is in the database, written by the leading tab, so that all tabs say the same. */
export async function readSyncStatus(db: LocalDb): Promise<Omit<SyncStatus, keyof RoomState | 'displaced'>> {
  return db.transaction('r', db.outbox, db.refusals, db.meta, async () => {
    const offlineSince = (await readMeta(db, 'offlineSince')) ?? null;
    const sent = await db.outbox.where('sentMid').above(0).count();
    return {
      online: offlineSince === null,
      offlineSince,
      queued: await db.outbox.count(),
      sending: sent > 0 && offlineSince === null,
      refused: await db.refusals.filter((refusal) => !refusal.discarded).count(),
      firstLoad: !(await readMeta(db, 'loadedOnce')),
      lastSyncedAt: (await readMeta(db, 'lastSyncedAt')) ?? null,
      signedOut: (await readMeta(db, 'signedOut')) ?? false,
      // said to another version of this app, it says nothing about this one
      outdated: (await readMeta(db, 'refusedVersion')) === syncVersion,
    };
  });
}
