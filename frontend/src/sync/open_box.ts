import type { LocalDb } from '../local_db/local_db';
import { readMeta, writeMeta } from '../local_db/meta';
import type { SealedBox } from '../local_db/sealed_boxes';
import { boxOwner, type Unsent } from './seal_unsent';

/**
 * Puts what is in a box back where it was, once, however often it is asked to. The first page that syncs shows
 * it and sends it.
 * @throws DOMException OperationError when the key is not the one it was locked with
 */
export async function openBox(db: LocalDb, box: SealedBox, key: CryptoKey): Promise<void> {
  const additionalData = boxOwner(box.userId, box.boxId);
  const bytes = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: box.nonce, additionalData },
    key,
    box.data,
  );
  const unsent: Unsent = JSON.parse(new TextDecoder().decode(bytes));
  await db.transaction('rw', db.outbox, db.refusals, db.drafts, db.meta, async () => {
    if ((await readMeta(db, 'openedBoxId')) === box.boxId) return;
    await writeMeta(db, 'openedBoxId', box.boxId);
    await db.refusals.bulkPut(unsent.refusals);
    await db.drafts.bulkPut(unsent.drafts);
    if ((await db.outbox.count()) === 0) {
      if (unsent.client) await writeMeta(db, 'client', unsent.client);
      await db.outbox.bulkPut(unsent.outbox);
      return;
    }
    // Another box was opened before, under another name: what follows goes out under that. Whatever of it was
    // on the wire already names its rows itself, so that the server does not do it twice.
    await db.outbox.bulkAdd(unsent.outbox.map(({ mid: _, ...entry }) => ({ ...entry, sentMid: null })));
  });
}
