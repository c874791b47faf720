import { type SyncTableName, syncTableNames } from '@raptscallions/zod-schemas/sync_table';
import type { LocalDb } from '../local_db/local_db';
import type { RowsFrame } from './decode_frame';
import type { DataFrame } from './frame_reader';

type ServerRow = { $rev: number; $scopes: string[] };
type Held = { row: ServerRow; changed: boolean };

/**
 * The rows a batch touches, worked on in memory and written once. A row that ends in no scope goes; it is
 * kept until then, so that one that only changes scopes keeps its `rev` and is never seen missing.
 */
export class RowSet {
  readonly #rows = new Map<SyncTableName, Map<string, Held>>(syncTableNames.map((name) => [name, new Map()]));
  readonly scopes: Set<string>;

  constructor(
    readonly db: LocalDb,
    scopes: readonly string[],
  ) {
    this.scopes = new Set(scopes);
  }

  async apply(frames: readonly DataFrame[]): Promise<void> {
    if (this.scopes.size > 0) await this.#fetch(frames);
    for (const frame of frames) {
      if (frame.kind === 'gone') {
        for (const scope of frame.scopes) await this.#forgetScope(scope);
        continue;
      }
      if (frame.replace) await this.#forgetScope(frame.scope);
      this.scopes.add(frame.scope);
      this.#applyRows(frame);
    }
  }

  async store(): Promise<void> {
    for (const [table, rows] of this.#rows) {
      const put: ServerRow[] = [];
      const gone: string[] = [];
      for (const [id, { row, changed }] of rows) {
        if (!changed) continue;
        if (row.$scopes.length > 0) put.push(row);
        else gone.push(id);
      }
      if (put.length > 0) await this.db.table(table).bulkPut(put);
      if (gone.length > 0) await this.db.table(table).bulkDelete(gone);
    }
  }

  #of(table: SyncTableName): Map<string, Held> {
    const rows = this.#rows.get(table);
    if (!rows) throw new Error(`unknown table ${table}`);
    return rows;
  }

  /** Reads every row the frames name in one query a table. */
  async #fetch(frames: readonly DataFrame[]): Promise<void> {
    const wanted = new Map<SyncTableName, Set<string>>();
    for (const frame of frames) {
      if (frame.kind === 'gone') continue;
      for (const { table, id } of [...frame.rows, ...frame.gone]) {
        const ids = wanted.get(table) ?? new Set();
        wanted.set(table, ids.add(id));
      }
    }
    for (const [table, ids] of wanted) {
      const names = [...ids];
      const found: (ServerRow | undefined)[] = await this.db.table(table).bulkGet(names);
      for (const [at, row] of found.entries()) {
        const id = names[at];
        if (row && id) this.#of(table).set(id, { row, changed: false });
      }
    }
  }

  async #forgetScope(scope: string): Promise<void> {
    // A scope that was never held has no rows: this spares a first load one query a table and scope.
    if (!this.scopes.delete(scope)) return;
    for (const table of syncTableNames) {
      const rows = this.#of(table);
      await this.db
        .table(table)
        .where('$scopes')
        .equals(scope)
        .each((row: ServerRow, { primaryKey }) => {
          const id = String(primaryKey);
          if (!rows.has(id)) rows.set(id, { row, changed: false });
        });
      for (const held of rows.values()) leave(held, scope);
    }
  }

  #applyRows({ scope, rows, gone }: RowsFrame): void {
    for (const { table, id, rev, row } of rows) {
      const known = this.#of(table);
      const held = known.get(id);
      if (!held) {
        known.set(id, { row: toServerRow(row, rev, [scope]), changed: true });
        continue;
      }
      const { $scopes } = held.row;
      const scopes = $scopes.includes(scope) ? $scopes : [...$scopes, scope];
      if (rev > held.row.$rev) held.row = toServerRow(row, rev, scopes);
      else if (scopes === $scopes) continue;
      else held.row = { ...held.row, $scopes: scopes };
      held.changed = true;
    }
    for (const { table, id } of gone) {
      const held = this.#of(table).get(id);
      if (held) leave(held, scope);
    }
  }
}

/** The decoded row itself, which nobody else needs: copies of fifty thousand are felt. */
function toServerRow(row: object, $rev: number, $scopes: string[]): ServerRow {
  return Object.assign(row, { $rev, $scopes });
}

function leave(held: Held, scope: string): void {
  if (!held.row.$scopes.includes(scope)) return;
  held.row = { ...held.row, $scopes: held.row.$scopes.filter((each) => each !== scope) };
  held.changed = true;
}
