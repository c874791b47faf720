import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';

/** Who looks after a group, or one above it. */
export async function administratorsOf(db: Db, tenantId: TenantId, groupId: GroupId): Promise<UserId[]> {
  const rows = await runSql<{ user_id: string }>(
    db,
    `select distinct m.user_id from groups g
     join groups a on a.tenant_id = g.tenant_id and a.path @> g.path and a.deleted_at is null
     join group_members m on m.tenant_id = g.tenant_id and m.group_id = a.group_id
     where g.tenant_id = $1 and g.group_id = $2 and m.role in ('group_admin', 'system_admin')`,
    [storedId(tenantId), storedId(groupId)],
  );
  return rows.map(({ user_id }) => idFromUuid('user', user_id));
}
