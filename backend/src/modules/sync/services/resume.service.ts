import type { SyncFrame } from '@raptscallions/zod-schemas/sync.zod';
import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { readTenant } from '../../../db/read_tenant';
import { runPrepared } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { encodeCursor, readCursor, snapshotOf } from '../cursor';
import { type DeltaRow, withBodies } from '../delta_sql';
import { type Pulled, type PullRequest, rowsFrame } from './pull.service';
import type { SyncState } from './read_sync_state.service';
import { scopesSql } from './scopes_of_user.service';

/** Who has more to catch up with is served by pages. */
const mostEntries = 500;

/** $1 tenant, $2 user, $3 client, $4 scopes held, $5 what they have seen, $6 the reserved tenant. */
const resumeSql = `
  with s as materialized (
    select epoch, purged_xid::text as purged, pg_current_snapshot()::text as now,
      (select array_agg(allowed.scope) from (${scopesSql}) allowed) as scopes
    from sync_epoch
  ), delta as (${withBodies(`
    select * from (
      select e.tenant_id, e.scope, e.tbl, e.row_id, e.rev, e.xid, e.del from sync_entry e
      where e.tenant_id = any(array[$1::uuid, $6::uuid]) and e.scope = any($4::text[])
        and e.xid >= pg_snapshot_xmax($5::pg_snapshot)
      union all
      select e.tenant_id, e.scope, e.tbl, e.row_id, e.rev, e.xid, e.del
      from pg_snapshot_xip($5::pg_snapshot) running(xid) join sync_entry e on e.xid = running.xid
      where e.tenant_id = any(array[$1::uuid, $6::uuid]) and e.scope = any($4::text[])
    ) unseen limit ${mostEntries + 1}`)})
  select s.epoch, s.purged, s.now, s.scopes, delta.* from s left join delta on true`;

/**
 * The short way for a browser that comes back with a cursor and still holds the same scopes, which is nearly every
 * one: a single statement, hence a single snapshot, and one round trip. When a whole school comes back at once
 * after an outage, this is what it waits for.
 * @param db of the kind `catchUp`
 * @returns null when `pull` has to answer: scopes lost or gained, a cursor that cannot be continued, much to say
 */
export async function resume(db: Db, request: PullRequest): Promise<Pulled | null> {
  const { tenantId, userId, syncClientId, cursor, scopes } = request;
  const seen = cursor === null ? undefined : snapshotOf(cursor);
  if (cursor === null || seen === undefined || request.next) return null;
  const rows = await readTenant(tenantId, () =>
    runPrepared<DeltaRow & SyncState & { scopes: string[] | null }>(db, 'resume', resumeSql, [
      storedId(tenantId),
      storedId(userId),
      storedId(syncClientId),
      scopes,
      seen,
      storedId(systemTenantId),
    ]),
  );
  const [state] = rows;
  if (!state || rows.length > mostEntries || 'reset' in readCursor(cursor, state)) return null;
  const held = state.scopes ?? [];
  const claimed = new Set(scopes);
  if (claimed.size !== held.length || !held.every((scope) => claimed.has(scope))) return null;
  const byScope = new Map<string, DeltaRow[]>();
  for (const row of rows)
    if (row.scope !== null) byScope.set(row.scope, [...(byScope.get(row.scope) ?? []), row]);
  const frames: SyncFrame[] = [...byScope].map(([scope, entries]) => rowsFrame(scope, entries));
  frames.push({ kind: 'cursor', cursor: encodeCursor(state.epoch, state.now) });
  return { page: { __type: 'SyncPage', frames, next: null }, held, snapshot: state.now };
}
