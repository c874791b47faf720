import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { ClientBase } from 'pg';

/** What the school looks like, by names and never by ids, so that two ways to one state can be compared. */
export async function describeSchool(client: ClientBase, tenantId: TenantId): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select 'group ' || g.name || ' under ' || coalesce(p.name, '-') || ' ' || nlevel(g.path) || ' ' || (g.deleted_at is null) as line
      from groups g left join groups p on p.tenant_id = g.tenant_id and p.group_id = g.parent_group_id where g.tenant_id = $1
    union all select 'class ' || c.name || ' in ' || g.name || ' ' || (c.deleted_at is null)
      from classes c join groups g using (tenant_id, group_id) where c.tenant_id = $1
    union all select 'user ' || u.name || ' ' || u.status || ' ' || coalesce(k.email, '-') || ' ' || coalesce(k.username, '-')
      from users u join user_contacts k using (tenant_id, user_id) where u.tenant_id = $1
    union all select 'member ' || u.name || ' ' || m.role || ' ' || c.name
      from class_members m join users u using (tenant_id, user_id) join classes c using (tenant_id, class_id) where m.tenant_id = $1
    union all select 'group member ' || u.name || ' ' || m.role || ' ' || g.name
      from group_members m join users u using (tenant_id, user_id) join groups g using (tenant_id, group_id) where m.tenant_id = $1
    order by 1`,
    [uuidFromId('tenant', tenantId)],
  );
  return rows.map(({ line }) => line);
}
