import { type Actor, actorFrom } from '@raptscallions/policies/actor';
import type { ClassRole } from '@raptscallions/zod-schemas/class.zod';
import type { GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';

/** What a person may do, as columns of `users u`; read with who is signed in, or alone by {@link loadActor}. */
export const actorColumns = `
  (select json_agg(json_build_object('id', m.group_id, 'role', m.role)) from group_members m
    join groups g on g.tenant_id = m.tenant_id and g.group_id = m.group_id and g.deleted_at is null
    where m.tenant_id = u.tenant_id and m.user_id = u.user_id) as group_roles,
  (select json_agg(json_build_object('id', m.class_id, 'role', m.role)) from class_members m
    join classes c on c.tenant_id = m.tenant_id and c.class_id = m.class_id and c.deleted_at is null
    where m.tenant_id = u.tenant_id and m.user_id = u.user_id) as class_roles,
  (select json_agg(json_build_object('id', g.group_id, 'path', g.path::text)) from groups g
    where g.tenant_id = u.tenant_id and g.deleted_at is null and g.path <@ array(
      select a.path from group_members m join groups a on a.tenant_id = m.tenant_id and a.group_id = m.group_id
      where m.tenant_id = u.tenant_id and m.user_id = u.user_id and a.deleted_at is null)) as groups`;

export type ActorRow = {
  group_roles: { id: string; role: GroupRole }[] | null;
  class_roles: { id: string; role: ClassRole }[] | null;
  groups: { id: string; path: string }[] | null;
};

/** The actor out of {@link actorColumns}. */
export function actorOf(userId: UserId, row: ActorRow): Actor {
  return actorFrom(
    userId,
    (row.group_roles ?? []).map(({ id, role }) => ({ groupId: idFromUuid('group', id), role })),
    (row.class_roles ?? []).map(({ id, role }) => ({ classId: idFromUuid('class', id), role })),
    (row.groups ?? []).map(({ id, path }) => ({ groupId: idFromUuid('group', id), path })),
  );
}

/** $1 tenant, $2 person. */
const actorSql = prepareSql(
  'load_actor',
  `select ${actorColumns} from users u
   where u.tenant_id = $1::uuid and u.user_id = $2::uuid and u.status = 'active' and u.deleted_at is null`,
);

/**
 * The actor as the open transaction sees it: for work that may just have changed its own rights.
 * @throws AppError UNAUTHORIZED when there is no such active user in this tenant
 */
export async function loadActor(db: Db, tenantId: TenantId, userId: UserId): Promise<Actor> {
  const [row] = await runSql<ActorRow>(db, actorSql, [storedId(tenantId), storedId(userId)]);
  if (!row) throw new AppError('UNAUTHORIZED');
  return actorOf(userId, row);
}
