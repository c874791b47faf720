import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';

/** $1 tenant, $2 user, $3 client: every scope this browser may hold; none for somebody who is not active. */
export const scopesSql = `
  with me as (
    select user_id from users where tenant_id = $1 and user_id = $2 and status = 'active' and deleted_at is null
  ), mine as (
    select m.group_id, m.role, g.path from me
    join group_members m on m.tenant_id = $1 and m.user_id = me.user_id
    join groups g on g.tenant_id = $1 and g.group_id = m.group_id and g.deleted_at is null
  ), administered as (
    select g.group_id from groups g where g.tenant_id = $1 and g.deleted_at is null and exists (
      select from mine where mine.role in ('group_admin', 'system_admin') and g.path <@ mine.path)
  ), staffed as (
    select group_id from mine where role = 'teacher' union select group_id from administered
  ), seen as (
    select g.group_id from groups g where g.tenant_id = $1 and g.deleted_at is null and exists (
      select from mine where mine.path <@ g.path)
    union select group_id from administered
  ), joined as (
    select m.class_id, m.role from me
    join class_members m on m.tenant_id = $1 and m.user_id = me.user_id
    join classes c on c.tenant_id = $1 and c.class_id = m.class_id and c.deleted_at is null
  )
  select 'user:' || user_id as scope from me
  union all select 'everyone' from me
  union all select 'group:' || group_id from seen
  union all select 'group:' || group_id || ':staff' from staffed
  union all select 'group:' || group_id || ':admin' from administered
  union all select 'class:' || class_id from joined
  union all select 'class:' || class_id || ':staff' from joined where role = 'teacher'
  union all select 'client:' || c.sync_client_id from me join sync_clients c
    on c.tenant_id = $1 and c.sync_client_id = $3 and c.user_id = me.user_id`;

/** The scopes a person's browser may hold now; the counterpart of `placements`. Runs inside the tenant. */
export async function scopesOfUser(
  db: Db,
  tenantId: TenantId,
  userId: UserId,
  syncClientId: SyncClientId,
): Promise<string[]> {
  const rows = await runSql<{ scope: string }>(db, scopesSql, [
    storedId(tenantId),
    storedId(userId),
    storedId(syncClientId),
  ]);
  return rows.map(({ scope }) => scope);
}
