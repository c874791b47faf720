import type { AssignmentId } from '@raptscallions/zod-schemas/assignment.zod';
import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { type IdPrefix, idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import type { PickedRun } from '../run_picker';

/**
 * $1 tenant, $2 run, $3 session or null, $4 attempt. The session first, as everywhere: two that lock in different
 * orders wait for each other.
 */
const beginSql = prepareSql(
  'begin_attempt',
  `
with session as materialized (
  select s.message_count, s.assignment_id from chat_sessions s
  where s.tenant_id = $1::uuid and s.chat_session_id = $3::uuid for update
), run as (
  update runs r set status = 'processing', attempt = $4::int, notice = null,
    started_at = coalesce(r.started_at, now()), updated_at = now()
  from (select count(*) from session) locked
  where r.tenant_id = $1::uuid and r.run_id = $2::uuid and r.status in ('pending', 'processing') and r.deleted_at is null
    and r.attempt < $4::int and exists (
      select from run_leases l where l.tenant_id = r.tenant_id and l.run_id = r.run_id and l.attempt = $4::int)
  returning r.kind, r.user_id, r.class_id, r.tool_version_id, r.message_id, r.answer_message_id, r.answer_seq,
    r.continues, r.traceparent
)
select run.*, session.message_count, session.assignment_id from run left join session on true`,
);

type Row = {
  kind: 'chat' | 'product';
  user_id: string;
  class_id: string | null;
  tool_version_id: string;
  message_id: string | null;
  answer_message_id: string | null;
  answer_seq: number | null;
  continues: boolean;
  traceparent: string | null;
  message_count: number | null;
  assignment_id: string | null;
};

export type BegunRun = {
  kind: 'chat' | 'product';
  userId: UserId;
  classId: ClassId | null;
  toolVersionId: RichId<'toolversion'>;
  messageId: RichId<'message'> | null;
  answerMessageId: RichId<'message'> | null;
  answerSeq: number | null;
  continues: boolean;
  traceparent: string | null;
  /** null: a form's */
  session: { chatSessionId: ChatSessionId; messageCount: number; assignmentId: AssignmentId | null } | null;
};

/**
 * Marks a leased run as being worked on, and locks its session, in the open transaction. One statement: whoever asked
 * is waiting for it.
 * @returns undefined for one that has ended, or that another worker was given meanwhile
 */
export async function beginAttempt(
  db: Db,
  { tenantId, runId, chatSessionId, attempt }: PickedRun,
): Promise<BegunRun | undefined> {
  const [row] = await runSql<Row>(db, beginSql, [
    storedId(tenantId),
    storedId(runId),
    chatSessionId && storedId(chatSessionId),
    attempt,
  ]);
  if (!row) return undefined;
  const { kind, continues, traceparent, answer_seq: answerSeq, message_count: messageCount } = row;
  return {
    kind,
    userId: idFromUuid('user', row.user_id),
    classId: idOrNull('class', row.class_id),
    toolVersionId: idFromUuid('toolversion', row.tool_version_id),
    messageId: idOrNull('message', row.message_id),
    answerMessageId: idOrNull('message', row.answer_message_id),
    answerSeq,
    continues,
    traceparent,
    session:
      chatSessionId === null || messageCount === null
        ? null
        : {
            chatSessionId,
            messageCount,
            assignmentId: idOrNull('assignment', row.assignment_id),
          },
  };
}

function idOrNull<P extends IdPrefix>(prefix: P, uuid: string | null): RichId<P> | null {
  return uuid === null ? null : idFromUuid(prefix, uuid);
}
