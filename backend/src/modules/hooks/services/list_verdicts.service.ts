import {
  type HookVerdict,
  type HookVerdictListZod,
  type ListVerdictsInputZod,
  moduleName,
  verdictOutcome,
} from '@raptscallions/zod-schemas/hook.zod';
import { idFromUuid, richId } from '@raptscallions/zod-schemas/rich_id';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId, storedIds } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { ReadContext } from '../../../procedures/context';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  module: moduleName.optional(),
  outcome: verdictOutcome.optional(),
  /** the moment as PostgreSQL writes it, which is finer than a millisecond */
  after: z.tuple([z.string().max(40), richId('verdict')]).optional(),
});

type Row = Omit<HookVerdict, '__type' | 'hookVerdictId' | 'runId'> & {
  verdictUuid: string;
  runUuid: string | null;
  made: string;
};

/** Of the groups an administrator looks after: of their classes, and trials of their tools. */
const listSql = `
  select h.hook_verdict_id as "verdictUuid", h.created_at::text as made, h.hook, h.module, h.version, h.outcome,
    h.calls, h.ms, h.reason, h.audit, h.log, h.run_id as "runUuid", coalesce(u.name, '–') as person, v.name as tool,
    c.name as "className", floor(extract(epoch from h.created_at) * 1000)::float8 as "createdAt"
  from hook_verdicts h
  join tool_versions v on v.tenant_id = h.tenant_id and v.tool_version_id = h.tool_version_id
  left join classes c on c.tenant_id = h.tenant_id and c.class_id = h.class_id
  left join runs r on r.tenant_id = h.tenant_id and r.run_id = h.run_id
  left join chat_sessions s on s.tenant_id = h.tenant_id and s.chat_session_id = h.chat_session_id
  left join users u on u.tenant_id = h.tenant_id and u.user_id = coalesce(r.user_id, s.user_id)
  where h.tenant_id = $1 and coalesce(c.group_id, v.group_id) = any ($2::uuid[])
    and ($3::text is null or h.module = $3) and ($4::text is null or h.outcome::text = $4)
    and ($5::timestamptz is null or (h.created_at, h.hook_verdict_id) < ($5, $6::uuid))
  order by h.created_at desc, h.hook_verdict_id desc limit $7`;

/** What modules said in the groups the actor administers, the newest first; anybody else gets an empty list. */
export async function listVerdicts(
  { dbRO, tenantId, actor }: ReadContext,
  input: z.output<typeof ListVerdictsInputZod>,
): Promise<z.output<typeof HookVerdictListZod>> {
  const { limit, module, outcome, after } = decodeListCursor(PlaceZod, input);
  const rows = await runSql<Row>(dbRO, listSql, [
    storedId(tenantId),
    storedIds(actor.adminGroupIds),
    module ?? null,
    outcome ?? null,
    after?.[0] ?? null,
    after ? storedId(after[1]) : null,
    limit + 1,
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(({ verdictUuid, runUuid, made: _, ...row }) => ({
    ...row,
    __type: 'HookVerdict' as const,
    hookVerdictId: idFromUuid('verdict', verdictUuid),
    runId: runUuid === null ? null : idFromUuid('run', runUuid),
  }));
  const more = rows.length > limit && last;
  const cursor = more
    ? encodeListCursor({
        limit,
        module,
        outcome,
        after: [last.made, idFromUuid('verdict', last.verdictUuid)],
      })
    : null;
  return { __type: 'HookVerdictList', items, cursor };
}
