import { systemTenantId, type TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { prepareSql } from '../../../db/prepared_sql';
import { readTenant } from '../../../db/read_tenant';
import { runSql } from '../../../db/run_sql';
import { storedId, storedIds } from '../../../db/stored_id';
import { encodeCursor, readCursor, snapshotOf } from '../cursor';
import { type DeltaRow, withBodies } from '../delta_sql';
import { type FrameText, rowsFrame, textOfFrame } from '../frames';
import type { Pulled, PullRequest } from './pull.service';
import type { SyncState } from './read_sync_state.service';
import { scopesSql } from './scopes_of_user.service';

/** Who has more to catch up with is served by pages. */
const mostEntries = 500;
const browsersInStatement = 100;

const entry = 'e.tenant_id, e.scope, e.tbl, e.row_id, e.rev, e.xid, e.del';

/**
 * $1 tenant, $2 the reserved tenant; of each browser $3 user, $4 client, $5 what it has seen; of each scope it holds
 * $6 the browser's place, from 1, and $7 the scope. What many have yet to see is read once. One statement is one
 * snapshot, for all of them.
 */
const resumeSql = prepareSql(
  'resume',
  `
  with asked as materialized (
    select * from unnest($3::uuid[], $4::uuid[], $5::pg_snapshot[]) with ordinality a(user_id, client_id, seen, n)
  ), allowed as (
    select a.n, array_agg(s.scope) as scopes from asked a cross join lateral (
      ${scopesSql.replaceAll('$2', 'a.user_id').replaceAll('$3', 'a.client_id')}
    ) s group by a.n
  ), unseen as materialized (
    select a.n, e.* from unnest($6::int[], $7::text[]) h(n, scope) join asked a on a.n = h.n
    cross join lateral (
      select ${entry} from sync_entry e
      where e.tenant_id = any(array[$1::uuid, $2::uuid]) and e.scope = h.scope
        and e.xid >= pg_snapshot_xmax(a.seen)
      union all
      select ${entry} from pg_snapshot_xip(a.seen) running(xid) join sync_entry e on e.xid = running.xid
      where e.tenant_id = any(array[$1::uuid, $2::uuid]) and e.scope = h.scope
      limit ${mostEntries + 1}
    ) e
  ), rows as (${withBodies('select distinct on (e.tenant_id, e.tbl, e.row_id, e.scope) e.* from unseen e')})
  select s.epoch, s.purged_xid::text as purged, sync.settled_snapshot()::text as now,
    (select json_agg(json_build_array(a.n, a.scopes)) from allowed a) as allowed,
    (select json_agg(json_build_array(u.n, u.tbl, u.row_id, u.scope)) from unseen u) as unseen,
    (select json_agg(r) from rows r) as rows
  from sync_epoch s`,
);

type Answer = SyncState & {
  allowed: [number, string[]][] | null;
  unseen: [number, number, string, string][] | null;
  rows: DeltaRow[] | null;
};

/**
 * The short way for browsers that come back with a cursor and still hold the same scopes, which is nearly every
 * one. When a whole school comes back at once after an outage, this is what it waits for: a statement for a
 * hundred of them, and no transaction.
 * @param db of the kind `catchUp`
 * @returns without those whom `pull` has to answer: scopes lost or gained, a cursor that cannot be continued, much
 *   to say
 */
export async function resume(db: Db, requests: PullRequest[]): Promise<Map<PullRequest, Pulled>> {
  const answered = new Map<PullRequest, Pulled>();
  const byTenant = new Map<TenantId, Continuing[]>();
  for (const request of requests) {
    const seen = request.cursor === null ? undefined : snapshotOf(request.cursor);
    if (request.cursor === null || seen === undefined || request.next) continue;
    const known = byTenant.get(request.tenantId);
    if (known) known.push({ request, cursor: request.cursor, seen });
    else byTenant.set(request.tenantId, [{ request, cursor: request.cursor, seen }]);
  }
  const statements = [...byTenant].flatMap(([tenantId, all]) => {
    const count = Math.ceil(all.length / browsersInStatement);
    return Array.from({ length: count }, (_, at) =>
      resumeSome(db, tenantId, all.slice(at * browsersInStatement, (at + 1) * browsersInStatement), answered),
    );
  });
  await Promise.all(statements);
  return answered;
}

type Continuing = { request: PullRequest; cursor: string; seen: string };

async function resumeSome(
  db: Db,
  tenantId: TenantId,
  browsers: Continuing[],
  answered: Map<PullRequest, Pulled>,
): Promise<void> {
  const holds = browsers.flatMap(({ request }, at) => request.scopes.map((scope) => ({ n: at + 1, scope })));
  const [answer] = await readTenant(tenantId, () =>
    runSql<Answer>(db, resumeSql, [
      storedId(tenantId),
      storedId(systemTenantId),
      storedIds(browsers.map(({ request }) => request.userId)),
      storedIds(browsers.map(({ request }) => request.syncClientId)),
      browsers.map(({ seen }) => seen),
      holds.map(({ n }) => n),
      holds.map(({ scope }) => scope),
    ]),
  );
  if (!answer) return;
  const allowed = new Map(answer.allowed);
  const rows = new Map(answer.rows?.map((row) => [keyOf(row.tbl, row.row_id, row.scope), row]));
  const entries = new Map<number, DeltaRow[]>();
  for (const [n, tbl, rowId, scope] of answer.unseen ?? []) {
    const row = rows.get(keyOf(tbl, rowId, scope));
    const mine = entries.get(n);
    if (!row) continue;
    if (mine) mine.push(row);
    else entries.set(n, [row]);
  }
  const reached = { cursor: encodeCursor(answer.epoch, answer.now), snapshot: answer.now };
  const closing = textOfFrame({ kind: 'cursor', cursor: reached.cursor });
  for (const [at, { request, cursor }] of browsers.entries()) {
    const held = allowed.get(at + 1) ?? [];
    const mine = entries.get(at + 1) ?? [];
    if (mine.length > mostEntries || 'reset' in readCursor(cursor, answer)) continue;
    if (!isSame(held, request.scopes)) continue;
    answered.set(request, { frames: [...framesOf(mine), closing], parts: [], next: null, held, reached });
  }
}

const keyOf = (tbl: number, rowId: string, scope: string) => `${tbl} ${rowId} ${scope}`;

function isSame(held: string[], claimed: string[]): boolean {
  const named = new Set(claimed);
  return named.size === held.length && held.every((scope) => named.has(scope));
}

function framesOf(entries: DeltaRow[]): FrameText[] {
  const byScope = new Map<string, DeltaRow[]>();
  for (const row of entries) {
    const known = byScope.get(row.scope);
    if (known) known.push(row);
    else byScope.set(row.scope, [row]);
  }
  return [...byScope].map(([scope, group]) => textOfFrame(rowsFrame(scope, group)));
}
