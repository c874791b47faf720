import { type EditName, editInputs } from '@raptscallions/zod-schemas/edit.zod';
import type { SyncRow, SyncTableName } from '@raptscallions/zod-schemas/sync_table';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { z } from 'zod';
import type { LocalDb } from '../local_db/local_db';

/** `now`: when the edit was made, in milliseconds since 1970, also when it is laid over newer rows later. */
export type EditActor = { userId: UserId; now: number };

/** Writes what an edit shows before the server has said anything; what it overwrites is remembered. */
export type EditWriter = {
  /** for reads; what earlier waiting edits have done is in it */
  db: LocalDb;
  put<T extends SyncTableName>(table: T, row: SyncRow<T>): Promise<void>;
  /** changes nothing when the row is not on this device */
  update<T extends SyncTableName>(table: T, id: string, changes: Partial<SyncRow<T>>): Promise<void>;
  remove(table: SyncTableName, id: string): Promise<void>;
  /** shows the server's version again that an edit before this one has removed, while this device knows it */
  restore(table: SyncTableName, id: string): Promise<void>;
};

export type ParsedArgs<N extends EditName> = z.output<(typeof editInputs)[N]>;

/** A write that can be made without the network: its name on the wire and what it shows at once. */
export type Edit = {
  name: EditName;
  /** @throws ZodError when `args` are not what the procedure of this name takes */
  parse(args: unknown): unknown;
  apply(writer: EditWriter, args: unknown, actor: EditActor): Promise<void>;
};

/**
 * @param apply runs again after every batch of the server, over its newest rows, until the edit is
 * acknowledged. So it decides by what it reads, and awaits nothing but the database: IndexedDB ends a
 * transaction that waits for anything else.
 */
export function defineEdit<N extends EditName>(
  name: N,
  apply: (writer: EditWriter, args: ParsedArgs<N>, actor: EditActor) => Promise<void>,
): Edit {
  const parse = (args: unknown) => editInputs[name].parse(args) as ParsedArgs<N>;
  return { name, parse, apply: (writer, args, actor) => apply(writer, parse(args), actor) };
}
