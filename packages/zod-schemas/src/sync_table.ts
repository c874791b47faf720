import { z } from 'zod';
import { AssignmentSelectAllZod } from './assignment.zod';
import { ChatSessionSelectAllZod, MessageSelectAllZod, RunSelectAllZod } from './chat.zod';
import { ClassMemberSelectAllZod, ClassSelectAllZod } from './class.zod';
import { GroupMemberSelectAllZod, GroupSelectAllZod } from './group.zod';
import { MessageNoteSelectAllZod } from './hook.zod';
import { ProductResultSelectAllZod } from './product.zod';
import { idFromUuid, idPrefixOf, type RichId, uuidFromId } from './rich_id';
import { SyncClientSelectAllZod, SyncRefusalSelectAllZod } from './sync_client.zod';
import { timestampNumber } from './timestamp';
import { ToolSelectAllZod, ToolSourceSelectAllZod, ToolVersionSelectAllZod } from './tool.zod';
import { UserContactSelectAllZod, UserSelectAllZod } from './user.zod';

/**
 * Every table a browser holds, in one place: the server builds its triggers and queries from it, the
 * browser its Dexie schema. `number` is the table's name on the wire and in `sync_entry`: never reuse one.
 * `key` is the column whose value names the row. A row travels as an array in the order of `row`'s keys.
 */
export const syncTables = {
  users: { number: 1, key: 'userId', row: UserSelectAllZod },
  userContacts: { number: 2, key: 'userId', row: UserContactSelectAllZod },
  groups: { number: 3, key: 'groupId', row: GroupSelectAllZod },
  groupMembers: { number: 4, key: 'groupMemberId', row: GroupMemberSelectAllZod },
  classes: { number: 5, key: 'classId', row: ClassSelectAllZod },
  classMembers: { number: 6, key: 'classMemberId', row: ClassMemberSelectAllZod },
  tools: { number: 7, key: 'toolId', row: ToolSelectAllZod },
  toolVersions: { number: 8, key: 'toolVersionId', row: ToolVersionSelectAllZod },
  toolSources: { number: 9, key: 'toolVersionId', row: ToolSourceSelectAllZod },
  assignments: { number: 10, key: 'assignmentId', row: AssignmentSelectAllZod },
  chatSessions: { number: 11, key: 'chatSessionId', row: ChatSessionSelectAllZod },
  messages: { number: 12, key: 'messageId', row: MessageSelectAllZod },
  runs: { number: 13, key: 'runId', row: RunSelectAllZod },
  syncClients: { number: 14, key: 'syncClientId', row: SyncClientSelectAllZod },
  syncRefusals: { number: 15, key: 'syncRefusalId', row: SyncRefusalSelectAllZod },
  productResults: { number: 21, key: 'runId', row: ProductResultSelectAllZod },
  messageNotes: { number: 20, key: 'messageNoteId', row: MessageNoteSelectAllZod },
} as const;

export type SyncTableName = keyof typeof syncTables;
export type SyncRow<T extends SyncTableName> = z.infer<(typeof syncTables)[T]['row']>;
export type SyncRows = { [T in SyncTableName]: SyncRow<T> };

export const syncTableNames = Object.keys(syncTables) as SyncTableName[];
const nameOfNumber = new Map<number, SyncTableName>(
  syncTableNames.map((name) => [syncTables[name].number, name]),
);

export function syncTableOfNumber(number: number): SyncTableName | undefined {
  return nameOfNumber.get(number);
}

/** How a column travels: ids as the uuid PostgreSQL holds, moments as milliseconds, the rest as JSON. */
export type SyncColumn =
  | { name: string; kind: 'id'; prefix: NonNullable<ReturnType<typeof idPrefixOf>> }
  | { name: string; kind: 'timestamp' }
  | { name: string; kind: 'value' };

function isTimestamp(schema: z.ZodType): boolean {
  return schema instanceof z.ZodNullable ? schema.unwrap() === timestampNumber : schema === timestampNumber;
}

function columnsOf(table: SyncTableName): SyncColumn[] {
  return Object.entries(syncTables[table].row.shape).map(([name, schema]): SyncColumn => {
    const prefix = idPrefixOf(schema);
    if (prefix) return { name, kind: 'id', prefix };
    return isTimestamp(schema) ? { name, kind: 'timestamp' } : { name, kind: 'value' };
  });
}

export const syncColumns = Object.fromEntries(
  syncTableNames.map((name) => [name, columnsOf(name)]),
) as Record<SyncTableName, SyncColumn[]>;

/** The rich id of a row, given the uuid under which a tombstone names it. */
export function syncRowId(table: SyncTableName, uuid: string): RichId {
  const column = syncColumns[table].find((candidate) => candidate.name === syncTables[table].key);
  if (column?.kind !== 'id') throw new Error(`${table} has no id column`);
  return idFromUuid(column.prefix, uuid);
}

/** A row from the wire as the object pages read: this is where its uuids become rich ids. */
export function decodeSyncRow<T extends SyncTableName>(table: T, wire: readonly unknown[]): SyncRow<T> {
  const row: Record<string, unknown> = {};
  let at = 0;
  // A first load reads tens of thousands of rows: without an iterator's pairs it takes half the time.
  for (const column of syncColumns[table]) {
    const value = wire[at++];
    row[column.name] =
      column.kind === 'id' && typeof value === 'string' ? idFromUuid(column.prefix, value) : value;
  }
  return row as SyncRow<T>;
}

/** A row as it travels: the inverse of {@link decodeSyncRow}. */
export function encodeSyncRow(table: SyncTableName, row: object): unknown[] {
  return syncColumns[table].map((column) => {
    const value: unknown = Reflect.get(row, column.name);
    return column.kind === 'id' && typeof value === 'string' ? uuidFromId(column.prefix, value) : value;
  });
}

type Tables = Record<string, { number: number; key: string; row: z.ZodObject }>;

/**
 * A number for these tables as they travel: names, order of columns, and the type of each down to the values
 * an enumeration has, so that nobody has to remember to count a version up.
 */
export function schemaHashOf(tables: Tables): string {
  const described = Object.entries(tables).map(([name, { number, key, row }]) => {
    return [name, number, key, Object.keys(row.shape), z.toJSONSchema(row, { unrepresentable: 'any' })];
  });
  return fnv1a(JSON.stringify(described));
}

/** Changes whenever a table or column of the wire does, which makes every browser rebuild itself. */
export const syncSchemaHash = schemaHashOf(syncTables);

/** FNV-1a, 32 bits, as hexadecimal: small, stable, and in no way a secret. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash ^= text.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
