import { newId } from '@raptscallions/zod-schemas/rich_id';
import { signOut } from '../api/auth';
import { deleteLocalDb, type LocalDb } from '../local_db/local_db';
import { readMeta, writeMeta } from '../local_db/meta';
import { sealUnsent } from './seal_unsent';
import type { SyncEngine } from './sync_engine';

/** Edits wait here that could neither be sent nor locked. */
export class CannotKeepError extends Error {
  override name = 'CannotKeepError';
}

/**
 * Whether somebody can leave and find again what they have not sent: it is locked away, for which there must be
 * a key. Without one, whoever leaves has to say that it may be lost.
 */
export async function canKeep(db: LocalDb): Promise<boolean> {
  return (await db.outbox.count()) === 0 || (await readMeta(db, 'sealKey')) !== undefined;
}

/**
 * Signs out of this device and empties it: nothing of this person stays that anybody could read.
 * @param unsent what becomes of edits the server has not acknowledged, and of words in boxes. `ask`: nothing is
 * done while edits wait; `keep`: they are locked away here until the same person signs in again; `discard`:
 * they are lost
 * @param onLeaving nothing stops it any more, and nobody may read the database from now on
 * @returns how many edits wait and want an answer; 0: it is done
 * @throws CannotKeepError when told to keep what cannot be locked, see {@link canKeep}, or for which this device
 * has no room; nothing is done then
 */
export async function leaveDevice(
  sync: SyncEngine,
  unsent: 'ask' | 'keep' | 'discard',
  onLeaving: () => void = () => {},
): Promise<number> {
  const { db } = sync;
  const waiting = await db.outbox.count();
  if (waiting > 0 && unsent === 'ask') return waiting;
  if (unsent === 'keep' && !(await canKeep(db)))
    throw new CannotKeepError('There is no key to lock what waits');
  const boxId = await nameBox(db);
  if (waiting > 0 && unsent === 'keep') await rehearse(sync, boxId);
  onLeaving();
  await sync.leave();
  // What was begun in words only is worth less than leaving.
  if (unsent !== 'discard') await sealUnsent(db, Date.now(), boxId).catch(() => false);
  // The server may take long or be away; the device is emptied meanwhile.
  const signedOut = signOut();
  db.close();
  await deleteLocalDb(db.userId);
  await signedOut;
  return 0;
}

/**
 * The same for somebody who is not there to be asked. Where what waits cannot be locked it is not lost for that: the
 * device shows nothing any more, and is emptied, or goes on, with whoever signs in here next.
 */
export async function stepAway(sync: SyncEngine, onLeaving: () => void): Promise<void> {
  try {
    await leaveDevice(sync, 'keep', onLeaving);
  } catch (error) {
    if (!(error instanceof CannotKeepError)) throw error;
    onLeaving();
    await sync.leave();
    sync.db.close();
    await signOut();
  }
}

/**
 * One box for all tabs: on a shared device they all leave in the same second, and what waits must not come back twice.
 * Should this page die now, the edits are still where they were, and the box counts as one that was opened.
 */
async function nameBox(db: LocalDb): Promise<string> {
  return db.transaction('rw', db.meta, async () => {
    const known = await readMeta(db, 'openedBoxId');
    if (known !== undefined) return known;
    const boxId = newId('device');
    await writeMeta(db, 'openedBoxId', boxId);
    return boxId;
  });
}

/** Locks it away once while everything can still stay as it is: afterwards other tabs have let go of the database. */
async function rehearse(sync: SyncEngine, boxId: string): Promise<void> {
  await sync.releaseReserve();
  try {
    await sealUnsent(sync.db, Date.now(), boxId);
  } catch (cause) {
    await sync.lookForRoom();
    throw new CannotKeepError('There is no room to lock what waits', { cause });
  }
}
