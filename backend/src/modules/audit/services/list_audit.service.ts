import {
  type AuditListZod,
  auditEntryId,
  type ListAuditInputZod,
} from '@raptscallions/zod-schemas/audit.zod';
import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import { timestampNumber } from '@raptscallions/zod-schemas/timestamp';
import { userId } from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId, storedIds } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { CommandReadContext } from '../../../procedures/context';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  userId: userId.optional(),
  action: z.string().max(60).optional(),
  from: timestampNumber.optional(),
  until: timestampNumber.optional(),
  after: auditEntryId.optional(),
});

type Row = {
  entry: string;
  at: number;
  action: string;
  actor: string | null;
  subject: string | null;
  details: Record<string, string | number | boolean | null>;
};

/** Ids rise with time, so they are the order. Whoever was in the group when it happened may be elsewhere by now. */
const listSql = `
  with looked_after as (
    select user_id from group_members where tenant_id = $1 and group_id = any ($2::uuid[])
  )
  select e.audit_entry_id as entry, floor(extract(epoch from e.created_at) * 1000)::float8 as at, e.action,
    a.name as actor, s.name as subject, e.details
  from audit_entries e
  left join users a on a.tenant_id = e.tenant_id and a.user_id = e.actor_user_id
  left join users s on s.tenant_id = e.tenant_id and s.user_id = e.subject_user_id
  where e.tenant_id = $1
    and (e.actor_user_id in (select user_id from looked_after) or e.subject_user_id in (select user_id from looked_after)
      or e.actor_user_id is null and e.subject_user_id is null and e.details->>'by' = 'command_line' and exists (
        select from groups t where t.tenant_id = $1 and t.group_id = any ($2::uuid[]) and t.parent_group_id is null))
    and ($3::uuid is null or e.actor_user_id = $3 or e.subject_user_id = $3)
    and ($4::text is null or e.action = $4)
    and ($5::float8 is null or e.created_at >= to_timestamp($5 / 1000.0))
    and ($6::float8 is null or e.created_at < to_timestamp($6 / 1000.0))
    and ($7::uuid is null or e.audit_entry_id < $7)
  order by e.audit_entry_id desc limit $8`;

/**
 * What people the actor looks after did, and what was done to them; the newest first. What the command line did to
 * nobody in particular is seen by those who look after the whole school.
 */
export async function listAudit(
  { dbRO, tenantId, actor }: CommandReadContext,
  input: z.output<typeof ListAuditInputZod>,
): Promise<z.output<typeof AuditListZod>> {
  const place = decodeListCursor(PlaceZod, input);
  const { limit, userId, action, from, until, after } = place;
  const rows = await runSql<Row>(dbRO, listSql, [
    storedId(tenantId),
    storedIds(actor.adminGroupIds),
    userId ? storedId(userId) : null,
    action ?? null,
    from ?? null,
    until ?? null,
    after ? storedId(after) : null,
    limit + 1,
  ]);
  const items = rows.slice(0, limit).map(({ entry, ...row }) => ({
    __type: 'AuditEntry' as const,
    auditEntryId: idFromUuid('auditentry', entry),
    ...row,
  }));
  const last = items.at(-1);
  const more = rows.length > limit && last;
  return {
    __type: 'AuditList',
    items,
    cursor: more ? encodeListCursor({ ...place, after: last.auditEntryId }) : null,
  };
}
