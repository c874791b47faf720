import { mayManageSignIn } from '@raptscallions/policies/sign_in';
import {
  type LinkPurpose,
  type ListLinksInputZod,
  type SignInLinkListZod,
  signInLinkId,
} from '@raptscallions/zod-schemas/auth.zod';
import type { ClassRole } from '@raptscallions/zod-schemas/class.zod';
import type { GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId, storedIds } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { CommandReadContext } from '../../../procedures/context';
import { linkUrl } from '../write_link_mail';
import { linkState } from './read_link.service';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  /** the moment as PostgreSQL writes it, which is finer than a millisecond */
  after: z.tuple([z.string().max(40), signInLinkId]).optional(),
});

type Row = {
  link: string;
  person_id: string;
  person: string;
  made: string;
  purpose: LinkPurpose;
  email: string | null;
  delivery: 'waiting' | 'sent' | 'kept';
  problem: string | null;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  group_roles: { id: string; role: GroupRole }[];
  class_roles: { id: string; role: ClassRole }[] | null;
};

const listSql = `
  select l.sign_in_link_id as link, l.user_id as person_id, u.name as person, l.created_at::text as made, l.purpose,
    l.email, l.delivery, l.problem,
    floor(extract(epoch from l.created_at) * 1000)::float8 as created_at,
    floor(extract(epoch from l.expires_at) * 1000)::float8 as expires_at,
    floor(extract(epoch from l.used_at) * 1000)::float8 as used_at,
    (select json_agg(json_build_object('id', m.group_id, 'role', m.role)) from group_members m
      where m.tenant_id = l.tenant_id and m.user_id = l.user_id) as group_roles
  from sign_in_links l join users u on u.tenant_id = l.tenant_id and u.user_id = l.user_id
  where l.tenant_id = $1 and u.deleted_at is null and exists (select from group_members m
      where m.tenant_id = l.tenant_id and m.user_id = l.user_id and m.group_id = any ($2::uuid[]))
    and ($3::timestamptz is null or (l.created_at, l.sign_in_link_id) < ($3, $4::uuid))
  order by l.created_at desc, l.sign_in_link_id desc limit $5`;

/**
 * The links of the people the actor looks after, the newest first; of those nobody sends, what to hand over.
 * Links of people with rights above the actor's are left out, so a page may hold fewer than it could.
 */
export async function listLinks(
  { app, dbRO, tenantId, actor }: CommandReadContext,
  input: z.output<typeof ListLinksInputZod>,
): Promise<z.output<typeof SignInLinkListZod>> {
  const { limit, after } = decodeListCursor(PlaceZod, input);
  const rows = await runSql<Row>(dbRO, listSql, [
    storedId(tenantId),
    storedIds(actor.adminGroupIds),
    after?.[0] ?? null,
    after ? storedId(after[1]) : null,
    limit + 1,
  ]);
  const shown = rows.slice(0, limit);
  const items = shown.flatMap((row) => {
    const userId = idFromUuid('user', row.person_id);
    const groupRoles = row.group_roles.map(({ id, role }) => ({ groupId: idFromUuid('group', id), role }));
    if (!mayManageSignIn(actor, { userId, groupRoles, classRoles: [] })) return [];
    const signInLinkId = idFromUuid('signinlink', row.link);
    const { purpose, person, email, delivery, problem } = row;
    const state = linkState({ usedAt: row.used_at, expiresAt: row.expires_at });
    const handOver = state === 'open' && delivery === 'kept';
    const link = handOver ? linkUrl(app.origin, app.linkTokens.tokenOf(signInLinkId)) : null;
    const times = { createdAt: row.created_at, expiresAt: row.expires_at };
    const mail = { purpose, person, email, delivery, problem, state, link, ...times };
    return [{ __type: 'SignInLink' as const, signInLinkId, userId, ...mail }];
  });
  const last = shown.at(-1);
  const cursor =
    rows.length > limit && last
      ? encodeListCursor({ limit, after: [last.made, idFromUuid('signinlink', last.link)] })
      : null;
  return { __type: 'SignInLinkList', items, cursor };
}
