import type { EditName } from '@raptscallions/zod-schemas/edit.zod';
import type { SyncRefusal } from '@raptscallions/zod-schemas/sync_client.zod';
import {
  type SyncRow,
  type SyncTableName,
  syncSchemaHash,
  syncTableNames,
  syncTables,
} from '@raptscallions/zod-schemas/sync_table';
import { type UserId, userId } from '@raptscallions/zod-schemas/user.zod';
import { Dexie, type Table } from 'dexie';
import { forgetServerRows } from './forget_server_rows';
import { type MetaRecord, readMeta, writeMeta } from './meta';
import { packMiddleware } from './pack_middleware';
import { packStores } from './pack_store';

/** A row as it stands on this device: `$rev` 0 and no `$scopes` for one the server has not yet confirmed. */
export type LocalRow<T extends SyncTableName> = SyncRow<T> & { $rev: number; $scopes: string[] };

/** An edit that waits for its acknowledgement. */
export type OutboxRecord = {
  /** names the entry on this device and gives the order; never used twice, so a removed one leaves a hole */
  mid: number;
  /** the number the server counts by, without holes; given when the entry is first put on the wire */
  sentMid: number | null;
  name: EditName;
  args: unknown;
  createdAt: number;
};

/** The server's version of a row that waiting edits have changed; `row` is null where the server has none. */
export type ShadowRecord = { table: SyncTableName; id: string; row: object | null };

/** Text somebody has typed and not sent. */
export type Draft = { key: string; text: string; updatedAt: number };

/** A refused edit with what it wanted, kept until its author has seen to it. */
export type RefusalRecord = SyncRefusal & {
  args: unknown;
  /** kept, unseen, for as long as the server would send it again */
  discarded: boolean;
};

/** Columns by which pages look rows up. Every table has its key first and is indexed by scope besides. */
const indexes: Record<SyncTableName, string> = {
  users: '',
  userContacts: '',
  groups: '',
  groupMembers: 'groupId, userId',
  classes: 'groupId',
  classMembers: 'classId, userId, [classId+userId]',
  tools: 'groupId, ownerUserId',
  toolVersions: 'toolId',
  toolSources: 'toolId',
  assignments: 'classId, toolId',
  chatSessions: 'userId, classId, assignmentId',
  messages: '[chatSessionId+seq]',
  runs: 'chatSessionId, status',
  productResults: 'userId, classId, assignmentId, toolVersionId',
  messageNotes: 'chatSessionId, messageId, runId, classId',
  syncClients: '',
  syncRefusals: 'syncClientId',
};

/** Everything one person may see, and what they have written, on this device. */
export class LocalDb extends Dexie {
  declare users: Table<LocalRow<'users'>, string>;
  declare userContacts: Table<LocalRow<'userContacts'>, string>;
  declare groups: Table<LocalRow<'groups'>, string>;
  declare groupMembers: Table<LocalRow<'groupMembers'>, string>;
  declare classes: Table<LocalRow<'classes'>, string>;
  declare classMembers: Table<LocalRow<'classMembers'>, string>;
  declare tools: Table<LocalRow<'tools'>, string>;
  declare toolVersions: Table<LocalRow<'toolVersions'>, string>;
  declare toolSources: Table<LocalRow<'toolSources'>, string>;
  declare assignments: Table<LocalRow<'assignments'>, string>;
  declare chatSessions: Table<LocalRow<'chatSessions'>, string>;
  declare messages: Table<LocalRow<'messages'>, string>;
  declare runs: Table<LocalRow<'runs'>, string>;
  declare productResults: Table<LocalRow<'productResults'>, string>;
  declare messageNotes: Table<LocalRow<'messageNotes'>, string>;
  declare syncClients: Table<LocalRow<'syncClients'>, string>;
  declare syncRefusals: Table<LocalRow<'syncRefusals'>, string>;

  declare outbox: Table<OutboxRecord, number, Omit<OutboxRecord, 'mid'>>;
  declare shadows: Table<ShadowRecord, [SyncTableName, string]>;
  declare refusals: Table<RefusalRecord, string>;
  declare meta: Table<MetaRecord, string>;
  declare drafts: Table<Draft, string>;

  /** @param packFrom rows put at once from which on they are stored in packs; tests of packing want few */
  constructor(
    readonly userId: UserId,
    packFrom = 200,
  ) {
    super(localDbName(userId));
    // Raise the number with any change of an index; a changed column needs nothing here, see below.
    this.version(3).stores({
      ...Object.fromEntries(
        syncTableNames.map((name) => [
          name,
          [syncTables[name].key, indexes[name], '*$scopes'].filter(Boolean).join(', '),
        ]),
      ),
      outbox: '++mid, sentMid',
      shadows: '[table+id]',
      refusals: 'syncRefusalId',
      meta: 'key',
      drafts: 'key',
      ...packStores,
    });
    this.use(packMiddleware(syncTableNames, packFrom));
    // Before any query is answered: rows stored by an app with other columns would break the pages of this one.
    this.on('ready', (db) => forgetOtherSchema(db as LocalDb));
  }

  rows<T extends SyncTableName>(table: T): Table<LocalRow<T>, string> {
    return this.table<LocalRow<T>, string>(table);
  }
}

/**
 * Without a transaction, which Dexie does not keep open at this moment: our hash comes last, so that a crash in
 * between does it once more. Before that nobody's stands there, so that a tab of the version that is going, which
 * may still be open, stores nothing more.
 * @param db the one that is being opened: through any other the handler would wait for itself
 */
async function forgetOtherSchema(db: LocalDb): Promise<void> {
  const stored = await readMeta(db, 'schemaHash');
  if (stored === syncSchemaHash) return;
  if (stored !== undefined) {
    await writeMeta(db, 'schemaHash', 'changing');
    await forgetServerRows(db);
  }
  await writeMeta(db, 'schemaHash', syncSchemaHash);
}

function localDbName(userId: UserId): string {
  return `rapt-${userId}`;
}

/** Opens this person's database on this device, making it when there is none; queries wait until it is open. */
export function openLocalDb(userId: UserId): LocalDb {
  return new LocalDb(userId);
}

/** Everybody whose database is on this device. */
export async function listLocalDbUsers(): Promise<UserId[]> {
  const names = await Dexie.getDatabaseNames();
  return names.flatMap((name) => userId.safeParse(name.replace(/^rapt-/, '')).data ?? []);
}

/**
 * Removes everything stored for this person, unsent edits and drafts included. Open tabs let go by themselves. It is
 * emptied first: a tab that its browser has put to sleep holds on to it until it is looked at again.
 */
export async function deleteLocalDb(userId: UserId): Promise<void> {
  const db = new Dexie(localDbName(userId));
  // Of whichever version it is; there may be none.
  await db.open().catch(() => undefined);
  if (db.isOpen()) {
    await db
      .transaction('rw', db.tables, () => Promise.all(db.tables.map((table) => table.clear())))
      // Taken away by another tab at this moment; and what cannot be emptied can still be removed.
      .catch(() => undefined);
  }
  await new Promise<void>((resolve, reject) => {
    db.on('blocked', () => resolve());
    db.delete().then(resolve, reject);
  });
}
