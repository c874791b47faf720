import { runId, runStatus } from '@raptscallions/zod-schemas/chat.zod';
import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { ListRunsInputZod, RunListZod, RunSummary } from '@raptscallions/zod-schemas/run.zod';
import { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId, storedIds } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { TenantContext } from '../../../procedures/context';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  status: runStatus.optional(),
  /** the moment as PostgreSQL writes it, which is finer than a millisecond */
  after: z.tuple([z.string().max(40), runId]).optional(),
});

type Row = Omit<RunSummary, '__type' | 'runId' | 'chatSessionId'> & {
  runUuid: string;
  chatUuid: string | null;
  made: string;
};

const milliseconds = (column: string) => `floor(extract(epoch from r.${column}) * 1000)::float8`;

/** Of the groups an administrator looks after: of their classes, and trials of their tools. */
const listSql = `
  select r.run_id as "runUuid", r.chat_session_id as "chatUuid", r.created_at::text as made, r.kind, r.status, u.name as person, v.name as tool,
    c.name as "className", r.provider, r.model, r.prompt_tokens as "promptTokens",
    r.completion_tokens as "completionTokens", r.attempt, r.error_code as "errorCode",
    ${milliseconds('created_at')} as "createdAt", ${milliseconds('first_text_at')} as "firstTextAt",
    ${milliseconds('finished_at')} as "finishedAt"
  from runs r
  join users u on u.tenant_id = r.tenant_id and u.user_id = r.user_id
  join tool_versions v on v.tenant_id = r.tenant_id and v.tool_version_id = r.tool_version_id
  left join classes c on c.tenant_id = r.tenant_id and c.class_id = r.class_id
  where r.tenant_id = $1 and r.deleted_at is null and coalesce(c.group_id, v.group_id) = any ($2::uuid[])
    and ($3::text is null or r.status::text = $3)
    and ($4::timestamptz is null or (r.created_at, r.run_id) < ($4, $5::uuid))
  order by r.created_at desc, r.run_id desc limit $6`;

/** The runs of the groups the actor administers, the newest first, without a word of what was written. */
export async function listRuns(
  { db, tenantId, actor }: TenantContext,
  input: z.output<typeof ListRunsInputZod>,
): Promise<z.output<typeof RunListZod>> {
  const { limit, status, after } = decodeListCursor(PlaceZod, input);
  const rows = await runSql<Row>(db, listSql, [
    storedId(tenantId),
    storedIds(actor.adminGroupIds),
    status ?? null,
    after?.[0] ?? null,
    after ? storedId(after[1]) : null,
    limit + 1,
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(({ runUuid, chatUuid, made: _, ...row }) => ({
    ...row,
    __type: 'RunSummary' as const,
    runId: idFromUuid('run', runUuid),
    chatSessionId: chatUuid === null ? null : idFromUuid('chat', chatUuid),
  }));
  const more = rows.length > limit && last;
  const cursor = more
    ? encodeListCursor({ limit, status, after: [last.made, idFromUuid('run', last.runUuid)] })
    : null;
  return { __type: 'RunList', items, cursor };
}
