import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { Draft, LocalDb, OutboxRecord, RefusalRecord } from '../local_db/local_db';
import { type Meta, readMeta } from '../local_db/meta';
import { removeBox, storeBox } from '../local_db/sealed_boxes';

/** Everything of a database that the server does not have. */
export type Unsent = {
  /** with its name and numbers, so that an edit that was on the wire is still done once */
  client: Meta['client'] | null;
  outbox: OutboxRecord[];
  refusals: RefusalRecord[];
  drafts: Draft[];
};

/** Whose box it is goes into the lock, so that one put under another name does not open. */
export const boxOwner = (userId: string, boxId: string): BufferSource =>
  new TextEncoder().encode(`${userId} ${boxId}`);

/**
 * Locks what this person has not sent into a box that stays when the database goes. Nothing to keep is fine.
 * @param now milliseconds since 1970
 * @param boxId what was put in the box of this name before is replaced
 * @returns false when there is something to keep and no key to lock it with
 */
export async function sealUnsent(
  db: LocalDb,
  now: number,
  boxId: string = newId('device', now),
): Promise<boolean> {
  const { key, named, unsent } = await db.transaction(
    'r',
    db.outbox,
    db.refusals,
    db.drafts,
    db.meta,
    async () => ({
      key: await readMeta(db, 'sealKey'),
      named: await readMeta(db, 'openedBoxId'),
      unsent: {
        client: (await readMeta(db, 'client')) ?? null,
        outbox: await db.outbox.orderBy('mid').toArray(),
        refusals: await db.refusals.toArray(),
        drafts: await db.drafts.toArray(),
      } satisfies Unsent,
    }),
  );
  const open = unsent.refusals.some((refusal) => !refusal.discarded);
  if (unsent.outbox.length === 0 && unsent.drafts.length === 0 && !open) {
    // Without that name another tab has locked everything already, and emptied the database.
    if (named === boxId) await removeBox(boxId);
    return true;
  }
  if (!key) return false;
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: boxOwner(db.userId, boxId) },
    key,
    new TextEncoder().encode(JSON.stringify(unsent)),
  );
  await storeBox({ boxId, userId: db.userId, edits: unsent.outbox.length, sealedAt: now, nonce, data });
  return true;
}
