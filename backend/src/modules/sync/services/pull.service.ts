import { type SyncFrame, type SyncPage, SyncPageZod } from '@raptscallions/zod-schemas/sync.zod';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
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
import { type FrameText, textOfFrame } from '../frames';
import type { Snapshot } from '../snapshot';
import { countEntries, readFirst, readNews, readPart } from './read_entries.service';
import type { SyncState } from './read_sync_state.service';
import { resume } from './resume.service';

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

export type Pulled = {
  frames: FrameText[];
  parts: string[];
  next: string | null;
  /** scopes the browser holds once it has applied this */
  held: string[];
  /** where it stands then; null while parts are missing, or after a reset */
  reached: { cursor: string; snapshot: Snapshot } | null;
};

/**
 * Answers what changed for one browser since its cursor: rows of the scopes it holds, whole scopes that are new to
 * it, and the names of those it lost. Losing a right is an ordinary answer, never an error. Rights and rows
 * are read by one statement, so in one snapshot.
 */
export class Puller {
  private readonly firstLoads = new Batcher<PullRequest, Pulled>((requests) => this.loadFirst(requests));
  private readonly resumes = new Batcher<PullRequest, Pulled>((requests) => resume(this.catchUpDb, requests));

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
    const isFirst = request.cursor === null && !request.next;
    return textOf((isFirst && (await this.pullTogether(request))) || (await this.pullAlone(request)));
  }

  /** As {@link pullText}, read: for what is small. */
  async pull(request: PullRequest): Promise<SyncPage> {
    return SyncPageZod.parse(JSON.parse(await this.pullText(request)));
  }

  /**
   * The short way, in few statements for all who ask in the same moment.
   * @returns undefined for whom {@link pullAlone} has to answer
   */
  async pullTogether(request: PullRequest): Promise<Pulled | undefined> {
    if (request.cursor !== null) return this.resumes.get(request);
    const pulled = await this.firstLoads.get(request);
    return pulled?.held.includes(ownScope(request)) ? pulled : undefined;
  }

  /**
   * Whatever it is that is asked for, in a statement of its own.
   * @throws AppError FORBIDDEN when the device belongs to somebody else
   */
  async pullAlone(request: PullRequest): Promise<Pulled> {
    const pulled = await pullOnce(this.catchUpDb, request);
    if (pulled.reached === null || pulled.held.includes(ownScope(request))) return pulled;
    // Of a database that was restored, or a copy that was made under way.
    await this.register([request]);
    const again = await pullOnce(this.catchUpDb, request);
    if (!again.held.includes(ownScope(request))) {
      throw new AppError('FORBIDDEN', 'This device belongs to somebody else.');
    }
    return again;
  }

  /** A class opens its browsers at one moment: one commit and one statement for many of them. */
  private async loadFirst(requests: PullRequest[]): Promise<Map<PullRequest, Pulled>> {
    // Acknowledgements stand in the device's own scope, so it must exist before its first mutation is settled.
    await this.register(requests);
    const answered = new Map<PullRequest, Pulled>();
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

/** Acknowledgements stand in the device's own scope. */
const ownScope = ({ syncClientId }: PullRequest) => `client:${storedId(syncClientId)}`;

/** The JSON of a SyncPage. */
export function textOf({ frames, parts, next }: Pulled): string {
  const alsoParts = parts.length > 0 ? `,"parts":${JSON.stringify(parts)}` : '';
  const texts = frames.map(({ json }) => json);
  return `{"__type":"SyncPage","frames":[${texts.join(',')}]${alsoParts},"next":${JSON.stringify(next)}}`;
}

async function pullOnce(db: Db, request: PullRequest): Promise<Pulled> {
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
    return { frames, parts: [], next: null, held: [], reached: null };
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
  return { frames: opening(lost, fresh), parts, next, held, reached: null };
}

/** An answer that leaves nothing to be asked for. */
function whole(
  { epoch, now }: SyncState,
  lost: string[],
  fresh: string[],
  held: string[],
  frames: FrameText[],
): Pulled {
  const cursor = encodeCursor(epoch, now);
  return {
    frames: [...opening(lost, fresh), ...frames, textOfFrame({ kind: 'cursor', cursor })],
    parts: [],
    next: null,
    held,
    reached: { cursor, snapshot: now },
  };
}

function opening(lost: string[], fresh: string[]): FrameText[] {
  const frames: SyncFrame[] = lost.length > 0 ? [{ kind: 'gone', scopes: lost }] : [];
  for (const scope of fresh) frames.push({ kind: 'rows', scope, replace: true, rows: [] });
  return frames.map(textOfFrame);
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

function reset(reason: CursorReset): Pulled {
  const frames = [textOfFrame({ kind: 'reset', reason })];
  return { frames, parts: [], next: null, held: [], reached: null };
}
