import { type SyncFrame, type SyncPage, SyncPageZod } from '@raptscallions/zod-schemas/sync.zod';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import {
  packSyncRows,
  type SyncBody,
  type SyncTableName,
  syncTableOfNumber,
} from '@raptscallions/zod-schemas/sync_table';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import { Batcher } from '../../../lib/batcher';
import {
  type CursorReset,
  type EntryGroup,
  encodeCursor,
  encodePlace,
  type Place,
  readCursor,
  readPlace,
  snapshotOf,
} from '../cursor';
import type { DeltaRow } from '../delta_sql';
import type { Snapshot } from '../snapshot';
import { countEntries, readFirst, readNews, readPart } from './read_entries.service';
import type { SyncState } from './read_sync_state.service';

/** Entries in one answer unless told; a pupil needs one, an administrator's first load is cut into such parts. */
const usualPartSize = 6_000;

const browsersInStatement = 50;

/** Everything is new to it. */
const nothingSeen: Snapshot = '1:1:';

export type PullRequest = {
  tenantId: TenantId;
  userId: UserId;
  syncClientId: SyncClientId;
  cursor: string | null;
  scopes: string[];
  next?: string | null | undefined;
  partSize?: number;
};

/** The JSON of one frame: bodies are made by PostgreSQL and pass through here unread. */
type FrameText = string;

type PulledText = {
  frames: FrameText[];
  parts: string[];
  next: string | null;
  /** scopes the browser holds once it has applied this */
  held: string[];
  /** what it has seen then; null while parts are missing, or after a reset */
  snapshot: Snapshot | null;
};

export type Pulled = { page: SyncPage; held: string[]; snapshot: Snapshot | null };

/**
 * Answers what changed for one browser since its cursor: rows of the scopes it holds, whole scopes that are new to
 * it, and the names of those it lost. Losing a right is an ordinary answer, never an error. Rights and rows
 * are read by one statement, so in one snapshot.
 */
export class Puller {
  private readonly firstLoads = new Batcher<PullRequest, PulledText>((requests) => this.loadFirst(requests));

  /**
   * @param db of the kind `app`, for what a first pull writes
   * @param catchUpDb of the kind `catchUp`
   * @param statementMs after which the database stops what `db` writes, in milliseconds
   */
  constructor(
    private readonly db: Db,
    private readonly catchUpDb: Db,
    private readonly statementMs?: number,
  ) {}

  /**
   * @returns the JSON of a SyncPage
   * @throws AppError FORBIDDEN when the device belongs to somebody else
   */
  async pullText(request: PullRequest): Promise<string> {
    return textOf(await this.pullRegistered(request));
  }

  /** As {@link pullText}, read: for what is small. */
  async pull(request: PullRequest): Promise<Pulled> {
    const pulled = await this.pullRegistered(request);
    const { held, snapshot } = pulled;
    return { page: SyncPageZod.parse(JSON.parse(textOf(pulled))), held, snapshot };
  }

  private async pullRegistered(request: PullRequest): Promise<PulledText> {
    const isFirst = request.cursor === null && !request.next;
    const pulled =
      (isFirst && (await this.firstLoads.get(request))) || (await pullOnce(this.catchUpDb, request));
    const ownScope = `client:${storedId(request.syncClientId)}`;
    if (pulled.snapshot === null || pulled.held.includes(ownScope)) return pulled;
    // Of a database that was restored, or a copy that was made under way.
    await this.register([request]);
    const again = await pullOnce(this.catchUpDb, request);
    if (!again.held.includes(ownScope)) {
      throw new AppError('FORBIDDEN', 'This device belongs to somebody else.');
    }
    return again;
  }

  /** A class opens its browsers at one moment: one commit and one statement for many of them. */
  private async loadFirst(requests: PullRequest[]): Promise<Map<PullRequest, PulledText>> {
    // Acknowledgements stand in the device's own scope, so it must exist before its first mutation is settled.
    await this.register(requests);
    const answered = new Map<PullRequest, PulledText>();
    const most = Math.min(...requests.map(({ partSize }) => partSize ?? usualPartSize));
    const readSome = async (tenantId: TenantId, some: PullRequest[]) => {
      const loads = await readFirst(this.catchUpDb, tenantId, some, most);
      for (const [request, { state, allowed, frames }] of loads) {
        answered.set(request, whole(state, [], allowed, allowed, frames));
      }
    };
    const statements = byTenant(requests).flatMap(([tenantId, theirs]) => {
      const count = Math.ceil(theirs.length / browsersInStatement);
      return Array.from({ length: count }, (_, at) =>
        readSome(tenantId, theirs.slice(at * browsersInStatement, (at + 1) * browsersInStatement)),
      );
    });
    await Promise.all(statements);
    return answered;
  }

  /** Makes devices known; one that belongs to somebody else stays theirs, and its scope stays closed. */
  private async register(requests: PullRequest[]): Promise<void> {
    const transactions = byTenant(requests).map(([tenantId, theirs]) =>
      enterTenant(
        this.db,
        tenantId,
        () =>
          this.db.syncClients
            .createMany(theirs.map(({ userId, syncClientId }) => ({ tenantId, syncClientId, userId })))
            .onConflictDoNothing(['tenantId', 'syncClientId']),
        { statementMs: this.statementMs },
      ),
    );
    await Promise.all(transactions);
  }
}

function byTenant(requests: PullRequest[]): [TenantId, PullRequest[]][] {
  const tenantIds = [...new Set(requests.map(({ tenantId }) => tenantId))];
  return tenantIds.map((tenantId) => [tenantId, requests.filter((one) => one.tenantId === tenantId)]);
}

function textOf({ frames, parts, next }: PulledText): string {
  const alsoParts = parts.length > 0 ? `,"parts":${JSON.stringify(parts)}` : '';
  return `{"__type":"SyncPage","frames":[${frames.join(',')}]${alsoParts},"next":${JSON.stringify(next)}}`;
}

async function pullOnce(db: Db, request: PullRequest): Promise<PulledText> {
  const place = request.next ? readPlace(request.next) : undefined;
  const seen = request.cursor === null ? null : snapshotOf(request.cursor);
  if ((request.next && !place) || seen === undefined) return reset('protocol');
  if (place && 'groups' in place) {
    const { state, allowed, frames } = await readPart(db, request, place, nothingSeen);
    const reason = whyReset(request, place, state);
    if (reason) return reset(reason);
    const held = new Set(allowed);
    // Left out, it would be taken for loaded at the end by whoever has the right again until then.
    if (place.groups.some(({ scope }) => !held.has(scope))) return reset('rights');
    return { frames, parts: [], next: null, held: [], snapshot: null };
  }

  const claimed = new Set([...(seen === null ? [] : request.scopes), ...(place?.loaded ?? [])]);
  const most = request.partSize ?? usualPartSize;
  const s = place?.t ?? seen;
  const news = await readNews(db, request, { held: [...claimed], seen: s ?? nothingSeen, most });
  const { state } = news;
  const reason = whyReset(request, place, state);
  if (reason) return reset(reason);
  const allowed = new Set(news.allowed);
  const kept = [...claimed].filter((scope) => allowed.has(scope));
  const lost = [...claimed].filter((scope) => !allowed.has(scope));
  const fresh = [...allowed].filter((scope) => !claimed.has(scope));
  const held = [...kept, ...fresh];

  if (!news.tooMuch) return whole(state, lost, fresh, held, news.frames);
  // Parts show one moment, each with the bodies of its own: what was written in between is not in them, and comes
  // with the answer that ends the load.
  const counts = await countEntries(db, request, { kept, seen: s ?? nothingSeen, fresh });
  const parts = cut(counts, most).map((part) => {
    const named = new Set(part.map(({ scope }) => scope));
    return encodePlace({ s, t: state.now, fresh: fresh.filter((scope) => named.has(scope)), groups: part });
  });
  const next = encodePlace({ t: state.now, loaded: held });
  return { frames: opening(lost, fresh), parts, next, held, snapshot: null };
}

/** An answer that leaves nothing to be asked for. */
function whole(
  { epoch, now }: SyncState,
  lost: string[],
  fresh: string[],
  held: string[],
  frames: FrameText[],
): PulledText {
  const closing = JSON.stringify({ kind: 'cursor', cursor: encodeCursor(epoch, now) } satisfies SyncFrame);
  return {
    frames: [...opening(lost, fresh), ...frames, closing],
    parts: [],
    next: null,
    held,
    snapshot: now,
  };
}

function opening(lost: string[], fresh: string[]): FrameText[] {
  const frames: SyncFrame[] = lost.length > 0 ? [{ kind: 'gone', scopes: lost }] : [];
  for (const scope of fresh) frames.push({ kind: 'rows', scope, replace: true, rows: [] });
  return frames.map((frame) => JSON.stringify(frame));
}

/** Why what a browser says about itself cannot be continued. */
function whyReset({ cursor }: PullRequest, place: Place | undefined, state: SyncState): CursorReset | null {
  const read = cursor === null ? null : readCursor(cursor, state);
  if (read && 'reset' in read) return read.reset;
  // What came after the first answer is read at the end, so its tombstones must still be there.
  if (place && BigInt(place.t.split(':', 1)[0] ?? '0') <= BigInt(state.purged)) return 'age';
  return null;
}

/** Groups of entries, put together to parts of about `partSize`; too large a group is sliced. */
function cut(
  counts: readonly { scope: string; tbl: number; entries: number }[],
  partSize: number,
): EntryGroup[][] {
  const parts: EntryGroup[][] = [];
  let room = 0;
  for (const { scope, tbl, entries } of counts) {
    const of = Math.ceil(entries / partSize);
    for (let slice = 0; slice < of; slice++) {
      const size = Math.ceil(entries / of);
      if (size > room) {
        parts.push([]);
        room = partSize;
      }
      parts.at(-1)?.push({ scope, tbl, of, slice });
      room -= size;
    }
  }
  return parts;
}

function reset(reason: CursorReset): PulledText {
  const frame = { kind: 'reset', reason } satisfies SyncFrame;
  return { frames: [JSON.stringify(frame)], parts: [], next: null, held: [], snapshot: null };
}

/** One scope's rows as a frame. */
export function rowsFrame(scope: string, rows: DeltaRow[]): Extract<SyncFrame, { kind: 'rows' }> {
  const byTable = new Map<SyncTableName, { rev: number; body: SyncBody }[]>();
  const gone: [number, number, string][] = [];
  for (const { tbl, rev, row_id: rowId, body } of rows) {
    const table = syncTableOfNumber(tbl);
    if (body === null || !table) gone.push([tbl, Number(rev), rowId]);
    else {
      const row = { rev: Number(rev), body: JSON.parse(body) };
      const known = byTable.get(table);
      if (known) known.push(row);
      else byTable.set(table, [row]);
    }
  }
  const packed = [...byTable].map(([table, live]) => packSyncRows(table, live));
  return { kind: 'rows', scope, rows: packed, ...(gone.length > 0 && { gone }) };
}
