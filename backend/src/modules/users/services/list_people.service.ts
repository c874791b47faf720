import type { GroupId, GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { User, UserId } from '@raptscallions/zod-schemas/user.zod';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import type { CommandReadContext } from '../../../procedures/context';

export type PeopleFilter = {
  /** words that all stand in the name, the address or the user name */
  search: string;
  /** in it or below */
  groupId?: GroupId | undefined;
  role?: GroupRole | undefined;
  status?: User['status'] | undefined;
};

export type ListedPerson = {
  userId: UserId;
  name: string;
  status: User['status'];
  email: string | null;
  username: string | null;
  roles: { groupId: GroupId; group: string; role: GroupRole }[];
};

type Row = Omit<ListedPerson, 'userId' | 'roles'> & {
  user_id: string;
  roles: { id: string; group: string; role: GroupRole }[] | null;
};

const listSql = `
  with place as materialized (
    select g.group_id, g.name from groups g
    where g.tenant_id = $1 and g.deleted_at is null and ($3::uuid is null
      or g.path <@ (select o.path from groups o where o.tenant_id = $1 and o.group_id = $3))
  )
  select u.user_id, u.name, u.status, c.email, c.username, (
      select json_agg(json_build_object('id', m.group_id, 'group', g.name, 'role', m.role) order by g.name)
      from group_members m join groups g on g.tenant_id = m.tenant_id and g.group_id = m.group_id
      where m.tenant_id = u.tenant_id and m.user_id = u.user_id and g.deleted_at is null) as roles
  from users u
  left join user_contacts c on c.tenant_id = u.tenant_id and c.user_id = u.user_id and c.deleted_at is null
  where u.tenant_id = $1 and u.deleted_at is null
    and not exists (select from unnest($2::text[]) word
      where strpos(lower(concat_ws(' ', u.name, c.email, c.username)), word) = 0)
    and ($3::uuid is null and $4::text is null or exists (select from group_members m
      where m.tenant_id = u.tenant_id and m.user_id = u.user_id and m.group_id in (select group_id from place)
        and ($4::text is null or m.role::text = $4)))
    and ($5::text is null or u.status::text = $5)
  order by u.name, u.user_id`;

/** The people of a tenant who fit, by name. */
export async function listPeople(
  { dbRO, tenantId }: Pick<CommandReadContext, 'dbRO' | 'tenantId'>,
  { search, groupId, role, status }: PeopleFilter,
): Promise<ListedPerson[]> {
  const rows = await runSql<Row>(dbRO, listSql, [
    storedId(tenantId),
    search.toLowerCase().split(/\s+/).filter(Boolean),
    groupId ? storedId(groupId) : null,
    role ?? null,
    status ?? null,
  ]);
  return rows.map(({ user_id, roles, ...person }) => ({
    userId: idFromUuid('user', user_id),
    ...person,
    roles: (roles ?? []).map(({ id, ...place }) => ({ groupId: idFromUuid('group', id), ...place })),
  }));
}
