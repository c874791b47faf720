import { signOut } from '../api/auth';
import { forgetServerRows } from '../local_db/forget_server_rows';
import { deleteLocalDb } from '../local_db/local_db';
import type { SyncEngine } from './sync_engine';

/**
 * Signs out of this device and empties it of what this person could see.
 * @param unsent what becomes of edits the server has not acknowledged. `ask`: nothing is done while there are
 * any; `keep`: they wait here until the same person signs in again; `discard`: they are lost
 * @returns how many edits wait and want an answer; 0: it is done
 */
export async function leaveDevice(sync: SyncEngine, unsent: 'ask' | 'keep' | 'discard'): Promise<number> {
  const { db } = sync;
  const waiting = await db.outbox.count();
  if (waiting > 0 && unsent === 'ask') return waiting;
  await sync.leave();
  // The server may take long or be away; the device is emptied meanwhile.
  const signedOut = signOut();
  if (waiting > 0 && unsent === 'keep') {
    await db.transaction('rw', db.tables, async () => {
      await forgetServerRows(db);
      await db.meta.delete('loadedOnce');
    });
    db.close();
  } else {
    db.close();
    await deleteLocalDb(db.userId);
  }
  await signedOut;
  return 0;
}
