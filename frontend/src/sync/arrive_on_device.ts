import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { deleteLocalDb, listLocalDbUsers, openLocalDb } from '../local_db/local_db';
import { readBoxes, removeBox } from '../local_db/sealed_boxes';
import { openBox } from './open_box';
import { importSealKey } from './seal_key';
import { sealUnsent } from './seal_unsent';
import type { StorageReserve } from './surroundings';
import type { TabMessage } from './tab_message';

/** What somebody left here could not be had: without a network, or because its key is gone. */
export class BoxShutError extends Error {
  override name = 'BoxShutError';
  constructor(
    /** edits that wait in it */
    readonly edits: number,
    /** no key of this person will ever open it */
    readonly forGood: boolean,
    options: ErrorOptions,
  ) {
    super(`a box of ${edits} edits stays shut`, options);
  }
}

/**
 * To be done before anything of this person is shown: whoever was here before and did not sign out is put
 * away, and what this person left here unsent is put back.
 * @param fetchKey asks the server, which gives it to this person alone
 * @param reserve for what somebody else has not sent, where the device is full
 * @throws BoxShutError; whatever IndexedDB says where a browser keeps nothing
 */
export async function arriveOnDevice(
  userId: UserId,
  { fetchKey, reserve, now }: { fetchKey: () => Promise<string>; reserve: StorageReserve; now: number },
): Promise<void> {
  for (const other of await listLocalDbUsers()) if (other !== userId) await putAway(other, reserve, now);
  const boxes = await readBoxes(userId);
  if (boxes.length === 0) return;
  const edits = boxes.reduce((sum, box) => sum + box.edits, 0);
  const key = await fetchKey()
    .then(importSealKey)
    .catch((cause) => {
      throw new BoxShutError(edits, false, { cause });
    });
  const db = openLocalDb(userId);
  try {
    for (const box of boxes) {
      await openBox(db, box, key).catch((cause) => {
        throw new BoxShutError(box.edits, cause instanceof DOMException, { cause });
      });
      await removeBox(box.boxId);
    }
  } finally {
    db.close();
  }
}

/** Gives up what this person left here: only when they have said so. */
export async function discardBoxes(userId: UserId): Promise<void> {
  for (const box of await readBoxes(userId)) await removeBox(box.boxId);
}

/**
 * Nothing of somebody else may be read here from now on. What they have not sent is locked; where it cannot be
 * (an address without TLS, a full device) it goes: another person's eyes are the greater harm.
 */
async function putAway(userId: UserId, reserve: StorageReserve, now: number): Promise<void> {
  const channel = new BroadcastChannel(`rapt-sync-${userId}`);
  channel.postMessage({ kind: 'signed_out' } satisfies TabMessage);
  channel.close();
  await reserve.release();
  const db = openLocalDb(userId);
  await sealUnsent(db, now).catch(() => false);
  db.close();
  await deleteLocalDb(userId);
}
