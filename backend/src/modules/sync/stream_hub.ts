import type { ServerResponse } from 'node:http';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { storedId, storedIds } from '../../db/stored_id';
import { Turnstile } from '../../lib/turnstile';
import { encodeCursor } from './cursor';
import type { DeltaRow } from './delta_sql';
import { FollowedRuns, type FollowedRunsParts } from './followed_runs';
import { eventText, frameBytes, rowsFrame } from './frames';
import { RightsChanges } from './rights_changes';
import { ScopeHolders, scopeKey, userScope } from './scope_holders';
import type { Pulled, Puller } from './services/pull.service';
import { type ReadSignInEnds, type SignInEnd, SignInWatch } from './sign_in_watch';
import { covers, type Snapshot } from './snapshot';
import { StreamConnection, type StreamOwner } from './stream_connection';
import type { StreamNotice } from './stream_notice';
import type { Tick } from './tailer';

export type HubParts = {
  puller: Pick<Puller, 'pullTogether' | 'pullAlone'>;
  /** the most entries that are sent whole; unset: as many as usual */
  partSize?: number;
  readSignInEnds: ReadSignInEnds;
  heartbeatMs?: number;
} & FollowedRunsParts;

/** Proxies close what is silent for a minute; a browser takes 40 s of silence for the end. */
const heartbeatMs = 15_000;
const heartbeatBytes = Buffer.from(': here\n\n');
/** More would only wait for the pool of connections, and be refused by it in the end. */
const pullsAtOnce = 12;
/** A person has a stream for each browser; more than this many are not a person's, and would hold all our sockets. */
const mostStreamsOfPerson = 50;

/**
 * The open streams of this process. Each tick is turned into bytes once per scope and the same bytes go to
 * everybody who holds it. Whoever's rights may have changed gets no part of that tick, but is caught up from
 * its cursor with the scopes it has now: what it lost goes, what it gained comes whole.
 */
export class StreamHub {
  private readonly holders = new ScopeHolders();
  private readonly connections = new Map<string, StreamConnection>();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly signIns: SignInWatch;
  private readonly runs: FollowedRuns;
  private readonly turnstile = new Turnstile(pullsAtOnce);
  private readonly rights = new RightsChanges();
  epoch = '';
  /** what the newest tick has shown to whoever it concerned */
  private shown: Snapshot | undefined;
  /** whether a beat still waits to be told which sign-ins stand */
  private checking = false;

  constructor(private readonly parts: HubParts) {
    this.signIns = new SignInWatch(parts.readSignInEnds, (connection, reason) =>
      this.end(connection, reason),
    );
    this.runs = new FollowedRuns(
      parts,
      (each) => this.connections.get(keyOf(each.owner.userId, each.streamId)) === each,
    );
    this.heartbeat = setInterval(() => void this.beat(), parts.heartbeatMs ?? heartbeatMs);
  }

  get size(): number {
    return this.connections.size;
  }

  /** Bytes that slow readers leave with us, all streams together. Bytes that many share are counted for each. */
  get unreadBytes(): number {
    let sum = 0;
    for (const connection of this.connections.values()) sum += connection.unreadBytes;
    return sum;
  }

  /** Answers with a stream: first what changed since `cursor`, then every tick, until either side ends it. */
  async open(
    owner: StreamOwner,
    position: { streamId: string; cursor: string | null; scopes: string[] },
    res: ServerResponse,
  ): Promise<void> {
    const { streamId, cursor, scopes } = position;
    const key = keyOf(owner.userId, streamId);
    this.connections.get(key)?.end();
    const connection = new StreamConnection(owner, streamId, cursor, res, () => this.drop(connection));
    this.connections.set(key, connection);
    // What it says it holds is not believed: until it is caught up nothing is sent, and then only what it may hold.
    this.subscribe(connection, scopes);
    connection.waiting = [];
    // A sign-in that ended after the request was let in, but before the stream could be found, told nobody. Asked
    // beside the catch-up, of which nothing is sent before the answer.
    await this.catchUp(connection, this.signIns.check([connection], 'expired'));
    this.endOldest(owner);
    await this.runs.followOpen(connection);
  }

  private endOldest(owner: StreamOwner): void {
    // Anybody may have named this scope; whose stream it is counts.
    const holders = [...this.holders.of(userScope(owner), storedId(owner.tenantId))];
    const theirs = holders.filter((each) => each.owner.userId === owner.userId);
    for (const oldest of theirs.slice(0, Math.max(0, theirs.length - mostStreamsOfPerson))) oldest.end();
  }

  /** What any process, this one included, says about streams; all of them hear it, one may hold the stream. */
  notice(notice: StreamNotice): void {
    if (notice.kind === 'watch') {
      const connection = this.connections.get(keyOf(notice.userId, notice.streamId));
      if (connection) this.runs.watchOnly(connection, storedIds(notice.runIds));
      return;
    }
    const theirs = this.all(({ owner }) => storedId(owner.userId) === notice.userUuid);
    // Other sign-ins of the same person may stand, so each is asked for by itself.
    void this.signIns.check(theirs, notice.reason);
  }

  /** Asks of every stream whether its sign-in still stands: notices may have been missed. */
  async checkAll(): Promise<void> {
    await this.signIns.check([...this.connections.values()], 'expired');
  }

  close(): void {
    clearInterval(this.heartbeat);
    this.signIns.close();
    for (const connection of this.connections.values()) this.end(connection, 'shutdown');
  }

  /** Hands a tick to everybody it concerns. */
  deliver(tick: Tick): void {
    this.shown = tick.to;
    const byScope = new Map<string, DeltaRow[]>();
    const changed = new Set<StreamConnection>();
    for (const row of tick.rows) {
      const key = scopeKey(row.scope, row.tenant_id);
      const rows = byScope.get(key);
      if (rows) rows.push(row);
      else byScope.set(key, [row]);
      for (const connection of this.concerned(row)) changed.add(connection);
    }
    const bytesOf = new Map<string, Buffer>();
    const touched = new Map<StreamConnection, string[]>();
    for (const [key, rows] of byScope) {
      const [first] = rows;
      if (!first) continue;
      const holders = this.holders.of(first.scope, first.tenant_id);
      if (holders.size === 0) continue;
      bytesOf.set(key, frameBytes(rowsFrame(first.scope, rows)));
      for (const connection of holders) {
        if (changed.has(connection)) continue;
        const keys = touched.get(connection);
        if (keys) keys.push(key);
        else touched.set(connection, [key]);
      }
      this.runs.followRows(first.scope, rows, holders);
    }
    const cursor = encodeCursor(this.epoch, tick.to);
    // Only this frame lets the browser store what came before it: half a tick is nothing.
    const closing = frameBytes({ kind: 'cursor', cursor });
    // Whoever holds the same of the touched scopes gets the same bytes, and the socket gets them in one piece.
    const packets = new Map<string, Buffer>();
    const packetOf = (keys: string[]): Buffer => {
      const name = keys.join('\n');
      const known = packets.get(name);
      if (known) return known;
      const packet = Buffer.concat([...keys.flatMap((key) => bytesOf.get(key) ?? []), closing]);
      packets.set(name, packet);
      return packet;
    };
    for (const [connection, keys] of touched) {
      const send = (held: string[]) => {
        connection.write(packetOf(held));
        connection.cursor = cursor;
      };
      if (!connection.waiting) send(keys);
      // Held back while the connection was caught up, it may be about a scope that was lost meanwhile.
      else
        connection.waiting.push({
          at: tick.to,
          send: () => send(keys.filter((key) => this.holders.has(key, connection))),
        });
    }
    for (const connection of changed) void this.resolve(connection);
  }

  /** After ticks that were not handed on, being too large or heard by nobody: everybody is brought up to date. */
  catchUpAll(): void {
    this.rights.forget();
    for (const connection of this.connections.values()) void this.resolve(connection);
  }

  private concerned(row: DeltaRow): Iterable<StreamConnection> {
    const concern = this.rights.concern(row);
    if (typeof concern === 'object') return this.holders.of(`user:${concern.userUuid}`, row.tenant_id);
    switch (concern) {
      case 'nobody':
        return [];
      case 'holders':
        return this.holders.of(row.scope, row.tenant_id);
      case 'admins':
        return this.all(
          ({ owner, scopes }) =>
            storedId(owner.tenantId) === row.tenant_id &&
            [...scopes].some((scope) => scope.endsWith(':admin')),
        );
      case 'tenant':
        return this.all(({ owner }) => storedId(owner.tenantId) === row.tenant_id);
    }
  }

  private all(fits: (connection: StreamConnection) => boolean): StreamConnection[] {
    return [...this.connections.values()].filter(fits);
  }

  private async resolve(connection: StreamConnection): Promise<void> {
    if (connection.waiting) {
      connection.again = true;
      return;
    }
    connection.waiting = [];
    await this.catchUp(connection);
  }

  /** Brings it from its cursor to now, with the scopes it has now; ticks wait until then. */
  private async catchUp(connection: StreamConnection, admitted?: Promise<void>): Promise<void> {
    const { puller, partSize } = this.parts;
    try {
      do {
        connection.again = false;
        const { owner, cursor } = connection;
        const request = { ...owner, cursor, scopes: [...connection.scopes], ...(partSize && { partSize }) };
        const pulled =
          (await puller.pullTogether(request)) ??
          (await this.turnstile.pass(() => puller.pullAlone(request)));
        await admitted;
        if (!connection.isOpen || !this.send(connection, pulled)) return;
        const snapshot = pulled.reached?.snapshot ?? '';
        // A scope that is subscribed only now has missed the ticks before, of which the snapshot may not know.
        const gained = this.subscribe(connection, pulled.held);
        if (gained && this.shown && !covers(snapshot, this.shown)) connection.again = true;
        if (!connection.again) {
          const { waiting } = connection;
          connection.waiting = null;
          for (const { at, send } of waiting ?? []) if (!covers(snapshot, at)) send();
        }
      } while (connection.again);
    } catch (error) {
      // Whoever was suspended holds nothing any more; the tick that brings it may be faster than the notice.
      await this.signIns.check([connection], 'suspended');
      if (!connection.isOpen) return;
      this.parts.logger.warn({ err: error }, 'a stream could not be caught up');
      connection.end();
    }
  }

  /** A catch-up as bytes; false when the stream ends with it. */
  private send(connection: StreamConnection, { frames, next, reached }: Pulled): boolean {
    if (reached === null && next !== null) {
      connection.tellToPull();
      return false;
    }
    connection.write(Buffer.from(frames.map(({ json }) => eventText(json)).join('')));
    if (reached) connection.cursor = reached.cursor;
    for (const frame of frames) this.runs.followFrame(connection, frame);
    if (reached === null) connection.end();
    return connection.isOpen;
  }

  /** Subscribes to exactly these scopes; true when one is new. */
  private subscribe(connection: StreamConnection, held: string[]): boolean {
    const { gained, lost } = this.holders.hold(connection, held);
    // The right to watch may have gone with a scope: what is still allowed has to be asked for anew.
    if (lost) this.runs.watchOnly(connection, []);
    return gained;
  }

  private async beat(): Promise<void> {
    // First: a database that does not answer must not make every browser believe that its stream has died.
    for (const connection of this.connections.values()) connection.write(heartbeatBytes);
    if (this.checking) return;
    this.checking = true;
    await this.checkAll().finally(() => {
      this.checking = false;
    });
  }

  private end(connection: StreamConnection, reason: SignInEnd | 'shutdown'): void {
    connection.end(frameBytes({ kind: 'end', reason }));
    this.drop(connection);
  }

  private drop(connection: StreamConnection): void {
    this.holders.hold(connection, []);
    this.signIns.forget(connection);
    this.runs.forget(connection);
    const key = keyOf(connection.owner.userId, connection.streamId);
    if (this.connections.get(key) === connection) this.connections.delete(key);
  }
}

/** Browsers choose the names of their streams, so a name counts only together with whose it is. */
const keyOf = (userId: UserId, streamId: string) => `${userId} ${streamId}`;
