import { ORPCError } from '@orpc/client';
import { ClassCreateInputZod, ClassUpdateInputZod } from '@raptscallions/zod-schemas/class.zod';
import { newId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncDigest, SyncFrame, SyncPage } from '@raptscallions/zod-schemas/sync.zod';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import { TableDigest } from '@raptscallions/zod-schemas/sync_digest';
import {
  encodeSyncRow,
  packSyncRows,
  type SyncRow,
  type SyncTableName,
  syncColumns,
  syncTableNames,
  syncTables,
} from '@raptscallions/zod-schemas/sync_table';
import type { SyncApi } from '../surroundings';
import { ModelStream } from './model_stream';

type DataFrame = Extract<SyncFrame, { kind: 'rows' | 'gone' }>;
type Stored = { table: SyncTableName; id: string; row: object; rev: number };
type Entry = { scope: string; key: string; rev: number; del: boolean; version: number };
export type Position = { cursor: string | null; scopes: string[]; syncClientId: SyncClientId };

function uuidOf(table: SyncTableName, id: string): string {
  const column = syncColumns[table].find(({ name }) => name === syncTables[table].key);
  if (column?.kind !== 'id') throw new Error(`${table} has no id column`);
  return uuidFromId(column.prefix, id);
}

/** The server's half of the protocol in memory, one person's school: what it answers is a state it was in. */
export class ModelServer {
  version = 0;
  epoch = 1;
  /** open streams learn of other scopes only when this has risen */
  accessVersion = 0;
  /** frames one answer to a pull holds */
  pageSize = 50;
  readonly rows = new Map<string, Stored>();
  readonly entries = new Map<string, Entry>();
  readonly clients = new Map<string, { userId: string; lastMid: number }>();
  readonly access = new Map<string, Set<string>>();
  /** how often each class was created, and by which names it went */
  readonly applied = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly watched: { streamId: string; runIds: string[] }[] = [];
  readonly pushes: { syncClientId: string; mids: number[] }[] = [];
  readonly streams = new Set<ModelStream>();
  readonly #pages = new Map<string, { frames: SyncFrame[]; part: boolean }>();

  /** Puts a row into exactly these scopes. Not seen before {@link commit}. */
  put<T extends SyncTableName>(table: T, row: SyncRow<T>, scopes: string[]): void {
    const id = String(Reflect.get(row, syncTables[table].key));
    const key = `${table}/${id}`;
    const rev = (this.rows.get(key)?.rev ?? 0) + 1;
    this.rows.set(key, { table, id, row, rev });
    this.#place(key, rev, scopes);
  }

  /** Moves a row without changing it. */
  place(table: SyncTableName, id: string, scopes: string[]): void {
    const key = `${table}/${id}`;
    this.#place(key, this.rows.get(key)?.rev ?? 1, scopes);
  }

  remove(table: SyncTableName, id: string): void {
    const key = `${table}/${id}`;
    const stored = this.rows.get(key);
    if (!stored) return;
    this.rows.delete(key);
    this.#place(key, stored.rev + 1, []);
  }

  #place(key: string, rev: number, scopes: string[]): void {
    const version = this.version + 1;
    for (const scope of scopes) {
      this.entries.set(`${scope}|${key}`, { scope, key, rev, del: false, version });
    }
    for (const entry of this.entries.values()) {
      if (entry.key !== key || entry.del || scopes.includes(entry.scope)) continue;
      entry.del = true;
      entry.version = version;
      entry.rev = rev;
    }
  }

  commit(): void {
    this.version += 1;
    for (const stream of this.streams) stream.tick();
  }

  allow(userId: string, scopes: string[]): void {
    this.access.set(userId, new Set(scopes));
    this.accessVersion += 1;
  }

  /** What a browser of this person shows at rest: rows by key, with their rev. */
  visible(userId: string, syncClientId: string): Map<string, { row: object; rev: number }> {
    const scopes = this.scopesOf(userId, syncClientId);
    const rows = new Map<string, { row: object; rev: number }>();
    for (const { scope, key, del } of this.entries.values()) {
      const stored = this.rows.get(key);
      if (!del && stored && scopes.has(scope)) rows.set(key, { row: stored.row, rev: stored.rev });
    }
    return rows;
  }

  scopesOf(userId: string, syncClientId: string): Set<string> {
    const scopes = new Set(this.access.get(userId) ?? []);
    // A name that is somebody else's opens nothing.
    if (this.clients.get(syncClientId)?.userId === userId) scopes.add(`client:${syncClientId}`);
    return scopes;
  }

  cursor(): string {
    return JSON.stringify([this.epoch, this.version]);
  }

  /** Everything since the position, closed by its cursor. */
  frames(
    userId: string,
    { cursor, scopes, syncClientId }: Position,
    allowed = this.scopesOf(userId, syncClientId),
  ): SyncFrame[] {
    const [epoch, since] = cursor === null ? [this.epoch, 0] : (JSON.parse(cursor) as [number, number]);
    if (epoch !== this.epoch) return [{ kind: 'reset', reason: 'epoch' }];
    const lost = scopes.filter((scope) => !allowed.has(scope));
    const frames: DataFrame[] = lost.length > 0 ? [{ kind: 'gone', scopes: lost }] : [];
    for (const scope of allowed) {
      const fresh = cursor === null || !scopes.includes(scope);
      const entries = [...this.entries.values()].filter(
        (entry) => entry.scope === scope && (fresh ? !entry.del : entry.version > since),
      );
      if (fresh || entries.length > 0) frames.push(this.#rowsFrame(scope, entries, fresh));
    }
    return [...frames, { kind: 'cursor', cursor: this.cursor() }];
  }

  #rowsFrame(scope: string, entries: Entry[], replace: boolean): DataFrame {
    const frame: Extract<DataFrame, { kind: 'rows' }> = { kind: 'rows', scope, rows: [], gone: [] };
    if (replace) frame.replace = true;
    for (const { key, rev, del } of entries) {
      const stored = this.rows.get(key);
      const [table, id] = key.split('/') as [SyncTableName, string];
      const { number } = syncTables[table];
      if (del || !stored) frame.gone?.push([number, rev, uuidOf(table, id)]);
      else
        frame.rows.push(packSyncRows(table, [{ rev: stored.rev, body: encodeSyncRow(table, stored.row) }]));
    }
    return frame;
  }

  /** A client is known before its first mutation, so that its scope is on every stream it opens. */
  register(userId: string, syncClientId: SyncClientId): void {
    if (this.clients.has(syncClientId)) return;
    this.clients.set(syncClientId, { userId, lastMid: 0 });
    this.#putClient(userId, syncClientId, 0);
    this.commit();
  }

  #putClient(userId: string, syncClientId: SyncClientId, lastMid: number): void {
    this.put(
      'syncClients',
      { syncClientId, userId: userId as `user-${string}`, lastMid, createdAt: 1, updatedAt: 1 },
      [`client:${syncClientId}`],
    );
  }

  pull(userId: string, input: Position & { next?: string | null }): SyncPage {
    this.register(userId, input.syncClientId);
    const begun = input.next ? this.#pages.get(input.next) : undefined;
    const frames = begun?.frames ?? this.frames(userId, input);
    if (begun?.part) return { __type: 'SyncPage', frames, next: null };
    const closing = frames.filter((frame) => frame.kind !== 'rows');
    const rows = frames.filter((frame) => frame.kind === 'rows');
    if (frames.length <= this.pageSize) return { __type: 'SyncPage', frames, next: null };
    const parts = Array.from({ length: Math.ceil(rows.length / this.pageSize) }, (_, at) =>
      this.#keep(rows.slice(at * this.pageSize, (at + 1) * this.pageSize), true),
    );
    const gone = closing.filter((frame) => frame.kind === 'gone');
    const next = this.#keep(closing.slice(gone.length), false);
    return { __type: 'SyncPage', frames: gone, parts, next };
  }

  #keep(frames: SyncFrame[], part: boolean): string {
    const name = `page-${this.#pages.size}`;
    this.#pages.set(name, { frames, part });
    return name;
  }

  digest(userId: string, input: Position): SyncDigest {
    const [closing, ...more] = this.frames(userId, input);
    if (more.length > 0 || closing?.kind !== 'cursor') {
      return { __type: 'SyncDigest', moved: true, tables: [] };
    }
    const digests = new Map(syncTableNames.map((table) => [table, new TableDigest()]));
    for (const [key, { row, rev }] of this.visible(userId, input.syncClientId)) {
      const [table] = key.split('/') as [SyncTableName];
      digests.get(table)?.add(rev, encodeSyncRow(table, row));
    }
    const tables = [...digests].map(([table, { value }]) => ({ table, ...value }));
    return { __type: 'SyncDigest', moved: false, tables };
  }

  push(
    userId: string,
    syncClientId: SyncClientId,
    mutations: { mid: number; name: string; args?: unknown }[],
  ) {
    this.pushes.push({ syncClientId, mids: mutations.map(({ mid }) => mid) });
    const client = this.clients.get(syncClientId) ?? { userId, lastMid: 0 };
    if (client.userId !== userId) throw new ORPCError('FORBIDDEN', { status: 403 });
    for (const { mid, name, args } of mutations) {
      if (mid <= client.lastMid) continue;
      if (mid > client.lastMid + 1) break;
      client.lastMid = mid;
      this.clients.set(syncClientId, client);
      this.#apply(name, args, syncClientId, mid);
      this.#putClient(userId, syncClientId, mid);
      this.commit();
    }
    return { lastMid: client.lastMid };
  }

  #apply(name: string, args: unknown, syncClientId: SyncClientId, mid: number): void {
    if (name === 'classes.create') {
      const input = ClassCreateInputZod.parse(args);
      if (!input.name.startsWith('refuse')) {
        this.applied.set(input.classId, (this.applied.get(input.classId) ?? 0) + 1);
        this.put('classes', { subject: null, ...input, createdAt: 1, updatedAt: 1 }, [
          `class:${input.groupId}`,
        ]);
        return;
      }
      this.refused.set(input.classId, (this.refused.get(input.classId) ?? 0) + 1);
    }
    if (name === 'classes.update') {
      const input = ClassUpdateInputZod.parse(args);
      const stored = this.rows.get(`classes/${input.classId}`);
      if (stored) {
        const row = { ...(stored.row as SyncRow<'classes'>), ...input, updatedAt: 2 };
        this.put('classes', row, [`class:${row.groupId}`]);
        return;
      }
    }
    this.put(
      'syncRefusals',
      {
        syncRefusalId: newId('refusal'),
        syncClientId,
        mid,
        name,
        code: 'CONFLICT',
        message: 'This clashes with something that exists already.',
        details: null,
        createdAt: 1,
        updatedAt: 1,
      },
      [`client:${syncClientId}`],
    );
  }

  stream(userId: string, position: Position, signal: AbortSignal): ModelStream {
    this.register(userId, position.syncClientId);
    return new ModelStream(this, userId, position, signal);
  }

  /** The calls of one browser, before the network does anything to them. */
  api(userId: () => string | null): SyncApi {
    const account = () => {
      const id = userId();
      if (id === null) throw new ORPCError('UNAUTHORIZED', { status: 401 });
      return id;
    };
    return {
      me: async () => ({ userId: account() }),
      pull: async (input) => this.pull(account(), input),
      push: async ({ syncClientId, mutations }) => this.push(account(), syncClientId, mutations),
      sealKey: async () => btoa(account().slice(-26).padEnd(32, '.')),
      digest: async (input) => this.digest(account(), input),
      watch: async (input) => {
        this.watched.push(input);
      },
      stream: async (input, { signal }) => this.stream(account(), input, signal),
    };
  }
}
