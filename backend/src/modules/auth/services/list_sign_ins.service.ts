import { mayManageSignIn } from '@raptscallions/policies/sign_in';
import {
  authSessionId,
  type ListSignInsInputZod,
  type SignInListZod,
} from '@raptscallions/zod-schemas/auth.zod';
import type { GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import { userId } from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId, storedIds } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { CommandReadContext } from '../../../procedures/context';
import { type SessionRow, sessionColumns, sessionOf, sessionStands } from '../session_rows';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  userId: userId.optional(),
  after: z.tuple([z.string().max(40), authSessionId]).optional(),
});

type Row = SessionRow & {
  person_id: string;
  person: string;
  group_roles: { id: string; role: GroupRole }[];
};

// By the system role, which alone reads sessions, and past the wall: the tenant stands in the conditions.
const listSql = `
  select ${sessionColumns}, u.user_id as person_id, u.name as person,
    (select json_agg(json_build_object('id', m.group_id, 'role', m.role)) from group_members m
      where m.tenant_id = u.tenant_id and m.user_id = u.user_id) as group_roles
  from auth_sessions s join users u on u.user_id = s.user_id
  where u.tenant_id = $1 and u.status = 'active' and u.deleted_at is null and ${sessionStands}
    and exists (select from group_members m
      where m.tenant_id = u.tenant_id and m.user_id = u.user_id and m.group_id = any ($2::uuid[]))
    and ($3::uuid is null or u.user_id = $3)
    and ($4::timestamptz is null or (s.created_at, s.id) < ($4, $5::uuid))
  order by s.created_at desc, s.id desc limit $6`;

/**
 * Where the people the actor looks after are signed in, the newest first. Those of the actor, and of people with
 * rights above the actor's, are left out, so a page may hold fewer than it could.
 */
export async function listSignIns(
  { app, tenantId, actor }: CommandReadContext,
  input: z.output<typeof ListSignInsInputZod>,
): Promise<z.output<typeof SignInListZod>> {
  const { limit, userId: only, after } = decodeListCursor(PlaceZod, input);
  const rows = await runSql<Row>(app.systemDb, listSql, [
    storedId(tenantId),
    storedIds(actor.adminGroupIds),
    only ? storedId(only) : null,
    after?.[0] ?? null,
    after ? storedId(after[1]) : null,
    limit + 1,
  ]);
  const shown = rows.slice(0, limit);
  const items = shown.flatMap((row) => {
    const person = idFromUuid('user', row.person_id);
    const groupRoles = row.group_roles.map(({ id, role }) => ({ groupId: idFromUuid('group', id), role }));
    if (!mayManageSignIn(actor, { userId: person, groupRoles, classRoles: [] })) return [];
    return [
      { __type: 'SignIn' as const, ...sessionOf(row), current: false, userId: person, person: row.person },
    ];
  });
  const last = shown.at(-1);
  const more = rows.length > limit && last;
  const cursor = more
    ? encodeListCursor({ limit, userId: only, after: [last.made, idFromUuid('authsession', last.id)] })
    : null;
  return { __type: 'SignInList', items, cursor };
}
