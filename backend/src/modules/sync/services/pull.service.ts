import type { SyncFrame, SyncPage } from '@raptscallions/zod-schemas/sync.zod';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import { systemTenantId, type TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import { type CursorReset, encodeCursor, encodePage, type PagePlace, readCursor, readPage } from '../cursor';
import { type DeltaRow, unseen, withBodies } from '../delta_sql';
import type { Snapshot } from '../snapshot';
import { readSyncState } from './read_sync_state.service';
import { scopesOfUser } from './scopes_of_user.service';

/** Entries in one page; a school's pupil needs one, an administrator's first load a few. */
const pageSize = 5_000;

/** Everything is new to it. */
const nothingSeen: Snapshot = '1:1:';

const start: PagePlace['after'] = { xid: '0', scope: '', rowId: '00000000-0000-0000-0000-000000000000' };

/**
 * $1 tenant, $2 scopes held, $3 what they have seen, $4 scopes that are loaded whole, $5 the snapshot all
 * pages show, $6 to $8 the place after which this page goes on, $9 how many entries. Scopes are ordered by their
 * bytes, as `isAfter` does, whatever the database's language.
 */
const pageSql = withBodies(`
  select e.tenant_id, e.scope, e.tbl, e.row_id, e.rev, e.xid, e.del from sync_entry e
  where e.tenant_id = any(array[$1::uuid, $10::uuid])
    and (e.scope = any($2::text[]) and ${unseen('$3')} or e.scope = any($4::text[]) and not e.del)
    and pg_visible_in_snapshot(e.xid, $5::pg_snapshot)
    and (e.xid, e.scope collate "C", e.row_id) > ($6::xid8, $7::text, $8::uuid)
  order by e.xid, e.scope collate "C", e.row_id limit $9`);

export type PullRequest = {
  tenantId: TenantId;
  userId: UserId;
  syncClientId: SyncClientId;
  cursor: string | null;
  scopes: string[];
  next?: string | null | undefined;
};

export type Pulled = {
  page: SyncPage;
  /** scopes the browser holds once it has applied this page and those before */
  held: string[];
  /** what it has seen then; null while pages are missing, or after a reset */
  snapshot: Snapshot | null;
};

/**
 * What changed for one browser since its cursor: rows of the scopes it holds, whole scopes that are new to
 * it, and the names of those it lost. Losing a right is an ordinary answer, never an error. Rights and rows
 * are read in one snapshot.
 * @throws AppError FORBIDDEN when the device belongs to somebody else
 */
export async function pull(db: Db, request: PullRequest): Promise<Pulled> {
  const pulled = await pullOnce(db, request);
  const ownScope = `client:${storedId(request.syncClientId)}`;
  if (pulled.snapshot === null || pulled.held.includes(ownScope)) return pulled;
  // Acknowledgements stand in the device's own scope, so it must exist before its first mutation is settled.
  await registerClient(db, request);
  const again = await pullOnce(db, request);
  // Pages under way go by the scopes of their first page; anybody else must hold it now.
  if (!request.next && !again.held.includes(ownScope)) {
    throw new AppError('FORBIDDEN', 'This device belongs to somebody else.');
  }
  return again;
}

/** Makes the device known; one that belongs to somebody else stays theirs, and its scope stays closed. */
async function registerClient(db: Db, { tenantId, userId, syncClientId }: PullRequest): Promise<void> {
  await enterTenant(db, tenantId, () =>
    db.syncClients
      .create({ tenantId, syncClientId, userId })
      .onConflictDoNothing(['tenantId', 'syncClientId']),
  );
}

function pullOnce(db: Db, request: PullRequest): Promise<Pulled> {
  return enterTenant(db, request.tenantId, () => pullInSnapshot(db, request), { level: 'REPEATABLE READ' });
}

async function pullInSnapshot(db: Db, request: PullRequest): Promise<Pulled> {
  const { tenantId, userId, syncClientId } = request;
  const state = await readSyncState(db);
  const purged = BigInt(state.purged);
  let seen: Snapshot | null = null;
  if (request.cursor !== null) {
    const cursor = readCursor(request.cursor, state);
    if ('reset' in cursor) return reset(cursor.reset);
    seen = cursor.s;
  }
  const place = request.next ? readPage(request.next) : undefined;
  if (request.next && !place) return reset('protocol');
  // What came after the first page is read at the end, so its tombstones must still be there.
  if (place && BigInt(place.t.split(':', 1)[0] ?? '0') <= purged) return reset('age');

  const allowed = new Set(await scopesOfUser(db, tenantId, userId, syncClientId));
  const claimed = seen === null ? [] : [...new Set(request.scopes)];
  const ofAllowed = (scopes: string[]) => scopes.filter((scope) => allowed.has(scope));
  const kept = ofAllowed([...claimed, ...(place?.loaded ?? [])]);
  // A right that came while pages were under way is served by the next pull, from its beginning.
  const fresh = ofAllowed(place ? place.fresh : [...allowed].filter((scope) => !claimed.includes(scope)));
  const held = [...kept, ...fresh];

  const frames: SyncFrame[] = [];
  if (!place) {
    const lost = claimed.filter((scope) => !allowed.has(scope));
    if (lost.length > 0) frames.push({ kind: 'gone', scopes: lost });
    for (const scope of fresh) frames.push({ kind: 'rows', scope, replace: true, rows: [] });
  }

  const readFrom = async (at: Omit<PagePlace, 'loaded'>): Promise<string | null> => {
    const rows = await runSql<DeltaRow>(db, pageSql, [
      storedId(tenantId),
      at.fresh.length > 0 ? kept : held,
      at.s ?? nothingSeen,
      at.fresh,
      at.t,
      at.after.xid,
      at.after.scope,
      at.after.rowId,
      pageSize,
      storedId(systemTenantId),
    ]);
    for (const [scope, group] of groupByScope(rows)) frames.push(rowsFrame(scope, group));
    if (rows.length < pageSize) return null;
    const last = rows.reduce((a, b) => (isAfter(a, b) ? a : b));
    const loaded = at.fresh.length > 0 ? (place?.loaded ?? []) : [...(place?.loaded ?? []), ...fresh];
    return encodePage({ ...at, loaded, after: { xid: last.xid, scope: last.scope, rowId: last.row_id } });
  };
  const unfinished = (next: string): Pulled => ({
    page: { __type: 'SyncPage', frames, next },
    held,
    snapshot: null,
  });

  const next = await readFrom({
    s: place ? place.s : seen,
    t: place?.t ?? state.now,
    fresh,
    after: place?.after ?? start,
  });
  if (next) return unfinished(next);
  if (place) {
    // Pages show one moment; what was written since is added in one piece, so that the browser never rests
    // between two states.
    const more = await readFrom({ s: place.t, t: state.now, fresh: [], after: start });
    if (more) return unfinished(more);
  }
  frames.push({ kind: 'cursor', cursor: encodeCursor(state.epoch, state.now) });
  return { page: { __type: 'SyncPage', frames, next: null }, held, snapshot: state.now };
}

function reset(reason: CursorReset): Pulled {
  return {
    page: { __type: 'SyncPage', frames: [{ kind: 'reset', reason }], next: null },
    held: [],
    snapshot: null,
  };
}

function isAfter(a: DeltaRow, b: DeltaRow): boolean {
  const xids = BigInt(a.xid) - BigInt(b.xid);
  if (xids !== 0n) return xids > 0n;
  return a.scope === b.scope ? a.row_id > b.row_id : a.scope > b.scope;
}

function groupByScope(rows: DeltaRow[]): Map<string, DeltaRow[]> {
  const groups = new Map<string, DeltaRow[]>();
  for (const row of rows) {
    const group = groups.get(row.scope);
    if (group) group.push(row);
    else groups.set(row.scope, [row]);
  }
  return groups;
}

/** One scope's rows as a frame. */
export function rowsFrame(scope: string, rows: DeltaRow[]): Extract<SyncFrame, { kind: 'rows' }> {
  const frame: Extract<SyncFrame, { kind: 'rows' }> = { kind: 'rows', scope, rows: [] };
  for (const { tbl, rev, row_id: rowId, body } of rows) {
    if (body === null) {
      frame.gone ??= [];
      frame.gone.push([tbl, Number(rev), rowId]);
    } else frame.rows.push([tbl, Number(rev), JSON.parse(body)]);
  }
  return frame;
}
