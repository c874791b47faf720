import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { Dexie, type Table } from 'dexie';

/** What somebody left unsent here, locked with a key that comes with their next sign-in only. */
export type SealedBox = {
  boxId: string;
  userId: UserId;
  /** edits in it, so that the owner can be asked about them before they are opened */
  edits: number;
  sealedAt: number;
  /** AES-GCM: 12 bytes of its own for each box */
  nonce: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
};

const databaseName = 'rapt-sealed';

/** The one database that outlives a sign-out: it holds nothing that can be read. */
class SealedBoxes extends Dexie {
  declare boxes: Table<SealedBox, string>;

  constructor() {
    super(databaseName);
    this.version(1).stores({ boxes: 'boxId, userId' });
  }
}

async function using<T>(work: (boxes: Table<SealedBox, string>) => Promise<T>): Promise<T> {
  const db = new SealedBoxes();
  try {
    return await work(db.boxes);
  } finally {
    db.close();
  }
}

export function storeBox(box: SealedBox): Promise<string> {
  return using((boxes) => boxes.put(box));
}

/** The boxes of one person on this device, oldest first. */
export async function readBoxes(userId: UserId): Promise<SealedBox[]> {
  // Asked at every start, and hardly anybody has one: a look at the names makes no database.
  if (!(await Dexie.getDatabaseNames()).includes(databaseName)) return [];
  return using((boxes) => boxes.where('userId').equals(userId).sortBy('sealedAt'));
}

export async function removeBox(boxId: string): Promise<void> {
  if ((await Dexie.getDatabaseNames()).includes(databaseName)) await using((boxes) => boxes.delete(boxId));
}
