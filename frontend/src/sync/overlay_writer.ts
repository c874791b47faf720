import { type SyncRow, type SyncTableName, syncTables } from '@raptscallions/zod-schemas/sync_table';
import type { LocalDb, LocalRow } from '../local_db/local_db';
import type { EditWriter } from './edit';

/** The writer of one edit. Wants a transaction over all tables. */
export class OverlayWriter implements EditWriter {
  readonly #before: { table: SyncTableName; id: string; row: object | undefined }[] = [];

  constructor(readonly db: LocalDb) {}

  async put<T extends SyncTableName>(table: T, row: SyncRow<T>): Promise<void> {
    const before = await this.#note(table, String(Reflect.get(row, syncTables[table].key)));
    await this.#write(table, row, before);
  }

  async update<T extends SyncTableName>(table: T, id: string, changes: Partial<SyncRow<T>>): Promise<void> {
    const before = await this.#note(table, id);
    if (before) await this.#write(table, { ...before, ...changes }, before);
  }

  async remove(table: SyncTableName, id: string): Promise<void> {
    await this.#note(table, id);
    await this.db.rows(table).delete(id);
  }

  async restore(table: SyncTableName, id: string): Promise<void> {
    const shadow = await this.db.shadows.get([table, id]);
    if (!shadow?.row || (await this.db.rows(table).get(id))) return;
    await this.#note(table, id);
    await this.db.table(table).put(shadow.row);
  }

  /** Takes back what this edit wrote, as if it had never begun. */
  async undo(): Promise<void> {
    for (const { table, id, row } of this.#before.reverse()) {
      if (row) await this.db.table(table).put(row);
      else await this.db.table(table).delete(id);
    }
  }

  /** The row as it is before this write, which becomes its shadow when it is still the server's version. */
  async #note<T extends SyncTableName>(table: T, id: string): Promise<LocalRow<T> | undefined> {
    const row = await this.db.rows(table).get(id);
    this.#before.push({ table, id, row });
    if (!(await this.db.shadows.get([table, id]))) {
      await this.db.shadows.add({ table, id, row: row ?? null });
    }
    return row;
  }

  async #write<T extends SyncTableName>(table: T, row: SyncRow<T>, before: LocalRow<T> | undefined) {
    await this.db.rows(table).put({ ...row, $rev: before?.$rev ?? 0, $scopes: before?.$scopes ?? [] });
  }
}
