import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import type { LocalDb } from './local_db';

/** What a device remembers about its syncing. Moments are milliseconds since 1970. */
export type Meta = {
  /** of the app that stored the rows */
  schemaHash: string;
  /** up to where the server's rows are stored, and the scopes they stand in; cursor null: load from the start */
  position: { cursor: string | null; scopes: string[] };
  /** this browser profile as the server knows it, and the number its next new edit gets on the wire */
  client: { syncClientId: SyncClientId; nextMid: number };
  /** a first load has once been completed */
  loadedOnce: boolean;
  lastSyncedAt: number;
  /** null: the server answered last time */
  offlineSince: number | null;
  signedOut: boolean;
  /** locks what is left here unsent; it goes with this database, and cannot be read out of it */
  sealKey: CryptoKey;
  /** the box whose contents were put back here last */
  openedBoxId: string;
  /** the version of this app that the server refused, see `syncVersion`; null: it takes it */
  refusedVersion: string | null;
};
export type MetaKey = keyof Meta;
export type MetaRecord = { key: MetaKey; value: unknown };

export async function readMeta<K extends MetaKey>(db: LocalDb, key: K): Promise<Meta[K] | undefined> {
  const record = await db.meta.get(key);
  return record?.value as Meta[K] | undefined;
}

export async function writeMeta<K extends MetaKey>(db: LocalDb, key: K, value: Meta[K]): Promise<void> {
  await db.meta.put({ key, value });
}
