import type { ServerResponse } from 'node:http';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncFrame } from '@raptscallions/zod-schemas/sync.zod';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import { syncTables } from '@raptscallions/zod-schemas/sync_table';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { storedId, storedIds } from '../../db/stored_id';
import type { Logger } from '../../lib/logger';
import type { ChunkRelay } from '../runs/chunk_relay';
import { encodeCursor } from './cursor';
import type { DeltaRow } from './delta_sql';
import { groupByScope, type Pulled, rowsFrame } from './services/pull.service';
import { covers, type Snapshot } from './snapshot';
import type { StreamNotice } from './stream_notice';
import type { Tick } from './tailer';

export type StreamOwner = {
  tenantId: TenantId;
  userId: UserId;
  authSessionId: RichId<'authsession'>;
  syncClientId: SyncClientId;
};

type Connection = StreamOwner & {
  streamId: string;
  res: ServerResponse;
  scopes: Set<string>;
  cursor: string | null;
  /** ticks that came while a catch-up was under way; null when none is */
  waiting: { at: Snapshot; send: () => void }[] | null;
  again: boolean;
};

type CatchUp = (request: {
  tenantId: TenantId;
  userId: UserId;
  syncClientId: SyncClientId;
  cursor: string | null;
  scopes: string[];
}) => Promise<Pulled>;

/** A reader who leaves this many bytes unread is told to pull, rather than buffered for. */
const maxBufferedBytes = 4_000_000;
const heartbeatMs = 15_000;
const heartbeatBytes = Buffer.from(': here\n\n');
/** Tables whose rows decide which scopes somebody holds. */
const memberships = new Set<number>([syncTables.groupMembers.number, syncTables.classMembers.number]);
const places = new Set<number>([
  syncTables.classes.number,
  syncTables.groups.number,
  syncTables.users.number,
]);
const runsTable = syncTables.runs.number;
const openRun = new Set(['pending', 'processing']);

const frameBytes = (frame: SyncFrame): Buffer =>
  Buffer.from(`event: message\ndata: ${JSON.stringify({ json: frame })}\n\n`);

/**
 * The open streams of this process. Each tick is turned into bytes once per scope and the same bytes go to
 * everybody who holds it. Whoever's rights may have changed gets no part of that tick, but is caught up from
 * its cursor with the scopes it has now: what it lost goes, what it gained comes whole.
 */
export class StreamHub {
  private readonly byScope = new Map<string, Set<Connection>>();
  private readonly connections = new Map<string, Connection>();
  private readonly heartbeat: NodeJS.Timeout;
  epoch = '';

  constructor(
    private readonly catchUp: CatchUp,
    private readonly chunks: ChunkRelay,
    private readonly logger: Logger,
    private readonly stillSignedIn: (owner: StreamOwner) => Promise<boolean>,
    /** the uuids of somebody's runs that are under way */
    private readonly openRuns: (owner: StreamOwner) => Promise<string[]>,
  ) {
    this.heartbeat = setInterval(() => void this.beat(), heartbeatMs);
  }

  get size(): number {
    return this.connections.size;
  }

  /** Answers with a stream: first what changed since `cursor`, then every tick, until either side ends it. */
  async open(
    owner: StreamOwner,
    position: { streamId: string; cursor: string | null; scopes: string[] },
    res: ServerResponse,
  ) {
    const { streamId, cursor, scopes } = position;
    this.connections.get(keyOf(owner.userId, streamId))?.res.end();
    const connection: Connection = {
      ...owner,
      streamId,
      res,
      cursor,
      scopes: new Set(),
      waiting: null,
      again: false,
    };
    this.connections.set(keyOf(owner.userId, streamId), connection);
    res.on('close', () => this.drop(connection));
    res.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    res.socket?.setNoDelay(true);
    res.write(': open\n\n');
    // A sign-in that ended after the request was let in, but before the stream could be found, told nobody.
    await this.check([connection], 'expired');
    if (res.writableEnded) return;
    await this.resolve(connection, new Set(scopes));
    await this.followOpenRuns(connection);
  }

  /** What any process, this one included, says about streams; all of them hear it, one may hold the stream. */
  notice(notice: StreamNotice): void {
    if (notice.kind === 'watch') {
      const connection = this.connections.get(keyOf(notice.userId, notice.streamId));
      if (connection) this.watchOnly(connection, storedIds(notice.runIds));
      return;
    }
    const theirs = [...this.connections.values()].filter(
      ({ userId }) => storedId(userId) === notice.userUuid,
    );
    // Other sign-ins of the same person may stand, so each is asked for by itself.
    void this.check(theirs, notice.reason);
  }

  /** Asks of every stream whether its sign-in still stands: notices may have been missed. */
  async checkAll(): Promise<void> {
    await this.check([...this.connections.values()], 'expired');
  }

  private watchOnly(connection: Connection, runUuids: string[]): void {
    this.chunks.watchOnly(connection, storedId(connection.tenantId), runUuids, (frame) =>
      this.write(connection, frameBytes(frame)),
    );
  }

  close(): void {
    clearInterval(this.heartbeat);
    for (const connection of this.connections.values()) this.end(connection, 'shutdown');
  }

  /** Hands a tick to everybody it concerns. */
  deliver(tick: Tick): void {
    const changed = new Set<Connection>();
    for (const row of tick.rows) {
      if (!memberships.has(row.tbl) && !places.has(row.tbl)) continue;
      // A membership concerns the person in whose own scope it stands; a class or group, all who hold it.
      const concerned = memberships.has(row.tbl) ? row.scope.startsWith('user:') : true;
      if (concerned) for (const connection of this.byScope.get(row.scope) ?? []) changed.add(connection);
    }
    const touched = new Map<Connection, { scope: string; bytes: Buffer }[]>();
    for (const [scope, rows] of groupByScope(tick.rows)) {
      const holders = this.byScope.get(scope);
      if (!holders?.size) continue;
      const bytes = frameBytes(rowsFrame(scope, rows));
      for (const connection of holders) {
        if (changed.has(connection)) continue;
        const list = touched.get(connection);
        if (list) list.push({ scope, bytes });
        else touched.set(connection, [{ scope, bytes }]);
      }
      this.followRuns(scope, rows, holders);
    }
    const cursor = encodeCursor(this.epoch, tick.to);
    // Only this frame lets the browser store what came before it: half a tick is nothing.
    const closing = frameBytes({ kind: 'cursor', cursor });
    for (const [connection, frames] of touched) {
      const send = () => {
        // Held back while the connection was caught up, it may be about a scope that was lost meanwhile.
        const held = frames.filter(({ scope }) => connection.scopes.has(scope)).map(({ bytes }) => bytes);
        this.write(connection, Buffer.concat([...held, closing]));
        connection.cursor = cursor;
      };
      if (connection.waiting) connection.waiting.push({ at: tick.to, send });
      else send();
    }
    for (const connection of changed) void this.resolve(connection, connection.scopes);
  }

  /** After an overflow: everybody is brought up to date on their own. */
  catchUpAll(): void {
    for (const connection of this.connections.values()) void this.resolve(connection, connection.scopes);
  }

  private async resolve(connection: Connection, scopes: ReadonlySet<string>): Promise<void> {
    if (connection.waiting) {
      connection.again = true;
      return;
    }
    connection.waiting = [];
    try {
      // Subscribed before the snapshot is taken, so that no tick falls between the two.
      const pulled = await this.catchUp({ ...connection, scopes: [...scopes] });
      if (connection.res.writableEnded) return;
      if (pulled.snapshot === null && pulled.page.next !== null) {
        this.write(connection, frameBytes({ kind: 'pull' }));
        connection.res.end();
        return;
      }
      for (const frame of pulled.page.frames) {
        this.write(connection, frameBytes(frame));
        if (frame.kind === 'cursor') connection.cursor = frame.cursor;
        if (frame.kind === 'rows') this.followFrame(connection, frame);
      }
      if (pulled.snapshot === null) {
        connection.res.end();
        return;
      }
      const grown = this.subscribe(connection, pulled.held);
      const { waiting } = connection;
      connection.waiting = null;
      for (const { at, send } of waiting ?? []) if (!covers(pulled.snapshot, at)) send();
      if (connection.again || grown) {
        connection.again = false;
        // A scope that is subscribed only now may have changed since the snapshot.
        await this.resolve(connection, connection.scopes);
      }
    } catch (error) {
      // Whoever was suspended holds nothing any more; the tick that brings it may be faster than the notice.
      await this.check([connection], 'suspended');
      if (connection.res.writableEnded) return;
      this.logger.warn({ err: error }, 'a stream could not be caught up');
      connection.res.end();
    }
  }

  /** Subscribes to exactly these scopes; true when one is new. */
  private subscribe(connection: Connection, held: string[]): boolean {
    const next = new Set(held);
    let grown = false;
    for (const scope of connection.scopes) {
      if (next.has(scope)) continue;
      this.leave(connection, scope);
      // The right to watch may have gone with it: what is still allowed has to be asked for anew.
      this.watchOnly(connection, []);
    }
    for (const scope of next) {
      if (connection.scopes.has(scope)) continue;
      grown = true;
      const holders = this.byScope.get(scope);
      if (holders) holders.add(connection);
      else this.byScope.set(scope, new Set([connection]));
    }
    connection.scopes = next;
    return grown;
  }

  private leave(connection: Connection, scope: string): void {
    const holders = this.byScope.get(scope);
    holders?.delete(connection);
    if (holders?.size === 0) this.byScope.delete(scope);
  }

  /** Runs that began before this stream did: no row of theirs may change until they end. */
  private async followOpenRuns(connection: Connection): Promise<void> {
    try {
      for (const runUuid of await this.openRuns(connection)) this.carry(connection, runUuid);
    } catch (error) {
      this.logger.warn({ err: error }, 'the open runs of a stream could not be read');
      connection.res.end();
    }
  }

  /** A person's own runs are carried without being asked for: the first word must not wait for a request. */
  private followRuns(scope: string, rows: DeltaRow[], holders: Set<Connection>): void {
    if (!scope.startsWith('user:')) return;
    for (const row of rows) {
      if (row.tbl !== runsTable || row.body === null) continue;
      for (const connection of holders) this.followRun(connection, JSON.parse(row.body));
    }
  }

  private followFrame(connection: Connection, frame: Extract<SyncFrame, { kind: 'rows' }>): void {
    if (frame.scope !== `user:${storedId(connection.userId)}`) return;
    for (const [tbl, , body] of frame.rows) if (tbl === runsTable) this.followRun(connection, body);
  }

  private followRun(connection: Connection, body: unknown[]): void {
    const runUuid = body[runColumn.runId];
    const status = body[runColumn.status];
    if (typeof runUuid !== 'string' || typeof status !== 'string') return;
    if (openRun.has(status)) this.carry(connection, runUuid);
    else this.chunks.unwatch(connection, runUuid);
  }

  private carry(connection: Connection, runUuid: string): void {
    // Whoever has left has been forgotten by the relay, and must not come back into it.
    if (this.connections.get(keyOf(connection.userId, connection.streamId)) !== connection) return;
    this.chunks.watch(connection, storedId(connection.tenantId), runUuid, (frame) =>
      this.write(connection, frameBytes(frame)),
    );
  }

  private write(connection: Connection, bytes: Buffer): void {
    const { res } = connection;
    if (res.writableEnded || res.destroyed) return;
    if (res.writableLength > maxBufferedBytes) {
      res.end(frameBytes({ kind: 'pull' }));
      return;
    }
    res.write(bytes);
  }

  private async beat(): Promise<void> {
    await this.checkAll();
    for (const connection of this.connections.values()) this.write(connection, heartbeatBytes);
  }

  /** Ends those whose sign-in is over. A database that does not answer ends nobody: the next beat asks again. */
  private async check(
    connections: Connection[],
    reason: 'signed_out' | 'suspended' | 'expired',
  ): Promise<void> {
    for (const connection of connections) {
      if (!(await this.stillSignedIn(connection).catch(() => true))) this.end(connection, reason);
    }
  }

  private end(connection: Connection, reason: 'signed_out' | 'suspended' | 'expired' | 'shutdown'): void {
    if (!connection.res.writableEnded) connection.res.end(frameBytes({ kind: 'end', reason }));
    this.drop(connection);
  }

  private drop(connection: Connection): void {
    for (const scope of connection.scopes) this.leave(connection, scope);
    connection.scopes = new Set();
    this.chunks.forget(connection);
    const key = keyOf(connection.userId, connection.streamId);
    if (this.connections.get(key) === connection) this.connections.delete(key);
  }
}

/** Browsers choose the names of their streams, so a name counts only together with whose it is. */
const keyOf = (userId: UserId, streamId: string) => `${userId} ${streamId}`;

const runKeys = Object.keys(syncTables.runs.row.shape);
const runColumn = { runId: runKeys.indexOf('runId'), status: runKeys.indexOf('status') };
