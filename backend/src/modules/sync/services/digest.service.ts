import type { SyncDigest } from '@raptscallions/zod-schemas/sync.zod';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import { TableDigest } from '@raptscallions/zod-schemas/sync_digest';
import { syncTableNames, syncTableOfNumber } from '@raptscallions/zod-schemas/sync_table';
import { systemTenantId, type TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { readCursor } from '../cursor';
import { type DeltaRow, unseen, withBodies } from '../delta_sql';
import { readSyncState } from './read_sync_state.service';
import { scopesOfUser } from './scopes_of_user.service';

const pageSize = 5_000;

/** $1, $2 the person's tenant and everybody's, $3 scopes, $4, $5 the row after which it goes on, $6 how many. */
const rowsSql = withBodies(`
  select distinct on (e.tbl, e.row_id) e.tenant_id, e.scope, e.tbl, e.row_id, e.rev, e.xid, e.del
  from sync_entry e
  where e.tenant_id = any(array[$1::uuid, $2::uuid]) and e.scope = any($3::text[]) and not e.del
    and (e.tbl, e.row_id) > ($4::smallint, $5::uuid)
  order by e.tbl, e.row_id limit $6`);

const newsSql = `
  select 1 as news from sync_entry e
  where e.tenant_id = any(array[$1::uuid, $2::uuid]) and e.scope = any($3::text[]) and ${unseen('$4')} limit 1`;

export type DigestRequest = {
  tenantId: TenantId;
  userId: UserId;
  syncClientId: SyncClientId;
  cursor: string;
  scopes: string[];
  /** after which the database stops any statement of it, in milliseconds; unset: none is stopped */
  statementMs?: number;
};

/**
 * What a browser must hold that stands at this position, table by table. Everything is read in one snapshot,
 * and only when that snapshot has nothing the position lacks: so a difference is never one that was under way.
 */
export function digest(db: Db, request: DigestRequest): Promise<SyncDigest> {
  const { tenantId, statementMs } = request;
  return enterTenant(db, tenantId, () => digestInSnapshot(db, request), {
    level: 'REPEATABLE READ',
    statementMs,
  });
}

async function digestInSnapshot(db: Db, request: DigestRequest): Promise<SyncDigest> {
  const moved: SyncDigest = { __type: 'SyncDigest', moved: true, tables: [] };
  const seen = readCursor(request.cursor, await readSyncState(db));
  if ('reset' in seen) return moved;
  const { tenantId, userId, syncClientId } = request;
  const scopes = await scopesOfUser(db, tenantId, userId, syncClientId);
  const claimed = new Set(request.scopes);
  if (claimed.size !== scopes.length || !scopes.every((scope) => claimed.has(scope))) return moved;
  const tenants = [storedId(tenantId), storedId(systemTenantId)];
  if ((await runSql(db, newsSql, [...tenants, scopes, seen.s])).length > 0) return moved;

  const digests = new Map(syncTableNames.map((table) => [table, new TableDigest()]));
  let tbl = 0;
  let rowId = '00000000-0000-0000-0000-000000000000';
  while (true) {
    const rows = await runSql<DeltaRow>(db, rowsSql, [...tenants, scopes, tbl, rowId, pageSize]);
    for (const row of rows) {
      const table = syncTableOfNumber(row.tbl);
      if (table && row.body !== null) digests.get(table)?.add(Number(row.rev), JSON.parse(row.body));
      // The union of tables comes in no order; the next page begins after the greatest.
      if (row.tbl > tbl || (row.tbl === tbl && row.row_id > rowId)) {
        tbl = row.tbl;
        rowId = row.row_id;
      }
    }
    if (rows.length < pageSize) break;
  }
  const tables = [...digests].map(([table, { value }]) => ({ table, ...value }));
  return { __type: 'SyncDigest', moved: false, tables };
}
