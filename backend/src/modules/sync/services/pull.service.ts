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
import {
  type CursorReset,
  type EntryGroup,
  encodeCursor,
  encodePlace,
  type Place,
  readCursor,
  readPlace,
} from '../cursor';
import type { DeltaRow } from '../delta_sql';
import type { Snapshot } from '../snapshot';
import { countEntries, readFrames, type Wanted } from './read_entries.service';
import { readSyncState } from './read_sync_state.service';
import { scopesOfUser } from './scopes_of_user.service';

/** Entries in one answer unless told; a pupil needs one, an administrator's first load is cut into such parts. */
const usualPartSize = 6_000;

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
  /** after which the database stops any statement of it, in milliseconds; unset: none is stopped */
  statementMs?: number;
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
 * What changed for one browser since its cursor: rows of the scopes it holds, whole scopes that are new to
 * it, and the names of those it lost. Losing a right is an ordinary answer, never an error. Rights and rows
 * are read in one snapshot.
 * @returns the JSON of a SyncPage
 * @throws AppError FORBIDDEN when the device belongs to somebody else
 */
export async function pullText(db: Db, request: PullRequest): Promise<string> {
  return textOf(await pullRegistered(db, request));
}

/** As {@link pullText}, read: for what is small. */
export async function pull(db: Db, request: PullRequest): Promise<Pulled> {
  const pulled = await pullRegistered(db, request);
  const { held, snapshot } = pulled;
  return { page: SyncPageZod.parse(JSON.parse(textOf(pulled))), held, snapshot };
}

function textOf({ frames, parts, next }: PulledText): string {
  const alsoParts = parts.length > 0 ? `,"parts":${JSON.stringify(parts)}` : '';
  return `{"__type":"SyncPage","frames":[${frames.join(',')}]${alsoParts},"next":${JSON.stringify(next)}}`;
}

async function pullRegistered(db: Db, request: PullRequest): Promise<PulledText> {
  // Acknowledgements stand in the device's own scope, so it must exist before its first mutation is settled.
  if (request.cursor === null && !request.next) await registerClient(db, request);
  const pulled = await pullOnce(db, request);
  const ownScope = `client:${storedId(request.syncClientId)}`;
  if (pulled.snapshot === null || pulled.held.includes(ownScope)) return pulled;
  // Of a database that was restored, or a copy that was made under way.
  await registerClient(db, request);
  const again = await pullOnce(db, request);
  if (!again.held.includes(ownScope)) {
    throw new AppError('FORBIDDEN', 'This device belongs to somebody else.');
  }
  return again;
}

/** Makes the device known; one that belongs to somebody else stays theirs, and its scope stays closed. */
async function registerClient(
  db: Db,
  { tenantId, userId, syncClientId, statementMs }: PullRequest,
): Promise<void> {
  await enterTenant(
    db,
    tenantId,
    () =>
      db.syncClients
        .create({ tenantId, syncClientId, userId })
        .onConflictDoNothing(['tenantId', 'syncClientId']),
    { statementMs },
  );
}

function pullOnce(db: Db, request: PullRequest): Promise<PulledText> {
  const { tenantId, statementMs } = request;
  return enterTenant(db, tenantId, () => pullInSnapshot(db, request), {
    level: 'REPEATABLE READ',
    statementMs,
  });
}

async function pullInSnapshot(db: Db, request: PullRequest): Promise<PulledText> {
  const { tenantId, userId, syncClientId } = request;
  const state = await readSyncState(db);
  let seen: Snapshot | null = null;
  if (request.cursor !== null) {
    const cursor = readCursor(request.cursor, state);
    if ('reset' in cursor) return reset(cursor.reset);
    seen = cursor.s;
  }
  const place = request.next ? readPlace(request.next) : undefined;
  if (request.next && !place) return reset('protocol');
  // What came after the first answer is read at the end, so its tombstones must still be there.
  if (place && BigInt(place.t.split(':', 1)[0] ?? '0') <= BigInt(state.purged)) return reset('age');

  const allowed = new Set(await scopesOfUser(db, tenantId, userId, syncClientId));
  if (place && 'groups' in place) {
    // Left out, it would be taken for loaded at the end by whoever has the right again until then.
    if (place.groups.some(({ scope }) => !allowed.has(scope))) return reset('rights');
    return {
      frames: await readPart(db, tenantId, place),
      parts: [],
      next: null,
      held: [],
      snapshot: null,
    };
  }
  const claimed = new Set([...(seen === null ? [] : request.scopes), ...(place?.loaded ?? [])]);
  const kept = [...claimed].filter((scope) => allowed.has(scope));
  const lost = [...claimed].filter((scope) => !allowed.has(scope));
  const fresh = [...allowed].filter((scope) => !claimed.has(scope));
  const held = [...kept, ...fresh];
  const s = place?.t ?? seen;
  const wanted: Wanted = { tenantId, kept, seen: s ?? nothingSeen, fresh, at: state.now };

  const opening: SyncFrame[] = lost.length > 0 ? [{ kind: 'gone', scopes: lost }] : [];
  for (const scope of fresh) opening.push({ kind: 'rows', scope, replace: true, rows: [] });
  const frames = opening.map((frame) => JSON.stringify(frame));

  const groups = cut(await countEntries(db, wanted), request.partSize ?? usualPartSize);
  const [first = [], ...others] = groups;
  if (others.length === 0) {
    frames.push(...(await readFrames(db, wanted, first)));
    frames.push(JSON.stringify({ kind: 'cursor', cursor: encodeCursor(state.epoch, state.now) }));
    return { frames, parts: [], next: null, held, snapshot: state.now };
  }
  const parts = groups.map((part) => {
    const named = new Set(part.map(({ scope }) => scope));
    return encodePlace({ s, t: state.now, fresh: fresh.filter((scope) => named.has(scope)), groups: part });
  });
  const next = encodePlace({ t: state.now, loaded: held });
  return { frames, parts, next, held, snapshot: null };
}

/**
 * Parts show one moment, each with the bodies of its own: what was written in between is not in them, and comes
 * with the answer that ends the load.
 */
function readPart(
  db: Db,
  tenantId: TenantId,
  { s, t, fresh, groups }: Extract<Place, { groups: unknown }>,
): Promise<FrameText[]> {
  const whole = new Set(fresh);
  const scopes = [...new Set(groups.map(({ scope }) => scope))];
  const wanted: Wanted = {
    tenantId,
    kept: scopes.filter((scope) => !whole.has(scope)),
    seen: s ?? nothingSeen,
    fresh: scopes.filter((scope) => whole.has(scope)),
    at: t,
  };
  return readFrames(db, wanted, groups);
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
