import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncFrame, SyncPage } from '@raptscallions/zod-schemas/sync.zod';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import {
  type SyncTableName,
  syncRowId,
  syncTableOfNumber,
  syncTables,
  unpackSyncRows,
} from '@raptscallions/zod-schemas/sync_table';
import type { RequestContext } from '../procedures/context';
import { userAppRouter } from '../routers/user_app.router';

type Position = { syncClientId: SyncClientId; cursor: string | null; scopes: string[] };

/** All frames of a pull, its parts in whatever order they come. */
export async function pullFrames(context: RequestContext, position: Position): Promise<SyncFrame[]> {
  const ask = (next: string | null): Promise<SyncPage> =>
    call(userAppRouter.sync.pull, { ...position, next }, { context });
  const frames: SyncFrame[] = [];
  for (let next: string | null = null, asked = false; next !== null || !asked; asked = true) {
    const page: SyncPage = await ask(next);
    frames.push(...page.frames);
    const parts = await Promise.all((page.parts ?? []).reverse().map(ask));
    frames.push(...parts.flatMap((part) => part.frames));
    next = page.next;
  }
  return frames;
}

/** The least a browser does with frames: what stands in which scope, with what body. */
export class SyncDevice {
  readonly syncClientId = newId('device');
  cursor: string | null = null;
  readonly scopes = new Set<string>();
  readonly rows = new Map<
    string,
    { table: SyncTableName; row: Record<string, unknown>; rev: number; scopes: Set<string> }
  >();
  frames: SyncFrame[] = [];

  constructor(private readonly context: RequestContext) {}

  async pull(): Promise<void> {
    const position = { syncClientId: this.syncClientId, cursor: this.cursor, scopes: [...this.scopes] };
    this.take(await pullFrames(this.context, position));
  }

  take(frames: SyncFrame[]): void {
    this.frames = frames;
    for (const frame of frames) this.apply(frame);
  }

  push(mutations: { mid: number; name: string; args: unknown }[]) {
    return call(
      userAppRouter.sync.push,
      { syncClientId: this.syncClientId, mutations },
      { context: this.context },
    );
  }

  of<T extends SyncTableName>(table: T) {
    return [...this.rows.values()].filter((entry) => entry.table === table).map((entry) => entry.row);
  }

  /** After a reset: what it has stays shown in the app, but here nothing of it may help. */
  begin(): void {
    this.cursor = null;
    this.scopes.clear();
    this.rows.clear();
  }

  /** Frames count only once the cursor behind them has come. */
  apply(frame: SyncFrame): void {
    if (frame.kind === 'gone') for (const scope of frame.scopes) this.leave(scope);
    if (frame.kind === 'cursor') this.cursor = frame.cursor;
    if (frame.kind !== 'rows') return;
    if (frame.replace) this.leave(frame.scope);
    this.scopes.add(frame.scope);
    for (const { table, rev, row: sent } of frame.rows.flatMap(unpackSyncRows)) {
      const row: Record<string, unknown> = { ...sent };
      const key = `${table} ${row[syncTables[table].key]}`;
      const known = this.rows.get(key);
      const scopes = known?.scopes ?? new Set<string>();
      scopes.add(frame.scope);
      this.rows.set(key, { table, row, rev, scopes });
    }
    for (const [number, , uuid] of frame.gone ?? []) {
      const table = syncTableOfNumber(number);
      if (table) this.remove(`${table} ${syncRowId(table, uuid)}`, frame.scope);
    }
  }

  private leave(scope: string): void {
    this.scopes.delete(scope);
    for (const key of [...this.rows.keys()]) this.remove(key, scope);
  }

  private remove(key: string, scope: string): void {
    const entry = this.rows.get(key);
    entry?.scopes.delete(scope);
    if (entry?.scopes.size === 0) this.rows.delete(key);
  }
}
