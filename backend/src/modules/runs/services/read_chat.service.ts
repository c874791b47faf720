import type { AssignmentId } from '@raptscallions/zod-schemas/assignment.zod';
import type { ChatSessionId, Message } from '@raptscallions/zod-schemas/chat.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { type ChatPlan, type PlanRow, planBody, toPlan } from '../../hooks/services/plan_chat.service';
import { holdCountersSql } from '../../usage/counting_sql';

/** More than any model of today reads of short messages; what really goes is decided by its budget. */
const mostMessages = 400;

/** $1 tenant, $2 class or null, $3 tool version, as for the plan; $4 session, $5 the answer's place, $6 assignment or null. */
const readSql = prepareSql(
  'read_chat',
  `
with plan as (${planBody}), held as materialized (select ${holdCountersSql})
select plan.*, (
    select coalesce(jsonb_agg(to_jsonb(m) order by m.seq desc), '[]') from (
      select message_id as uuid, seq, role, text, outcome, replaced_at is not null as replaced
      from messages
      where tenant_id = $1::uuid and chat_session_id = $4::uuid and seq <= $5::int and deleted_at is null
      order by seq desc limit ${mostMessages}) m
  ) as messages,
  (select instructions from assignments where tenant_id = $1::uuid and assignment_id = $6::uuid) as instructions
from plan cross join held`,
);

export type SaidMessage = Pick<Message, 'seq' | 'role' | 'text' | 'outcome'> & {
  uuid: string;
  replaced: boolean;
};

/** What an answer is made of, besides its question's run. */
export type ReadChat = {
  plan: ChatPlan;
  /** the newest first */
  messages: SaidMessage[];
  /** of the assignment */
  instructions: string | null;
};

/**
 * Reads what an answer is made of, and from then on holds the counters of its tenant, for `reserveUsage`. One
 * statement: whoever asked is waiting for it.
 */
export async function readChat(
  db: Db,
  of: {
    tenantId: TenantId;
    classId: ClassId | null;
    toolVersionId: RichId<'toolversion'>;
    chatSessionId: ChatSessionId;
    /** whatever the prompt needs of the session stands before it or in it */
    answerSeq: number | null;
    assignmentId: AssignmentId | null;
  },
): Promise<ReadChat> {
  const { tenantId, classId, toolVersionId, chatSessionId, answerSeq, assignmentId } = of;
  const [row] = await runSql<PlanRow & Omit<ReadChat, 'plan'>>(db, readSql, [
    storedId(tenantId),
    classId && storedId(classId),
    storedId(toolVersionId),
    storedId(chatSessionId),
    answerSeq ?? 0,
    assignmentId && storedId(assignmentId),
  ]);
  if (!row) throw new Error('a tool version without a text');
  const { messages, instructions } = row;
  return { plan: toPlan(row), messages, instructions };
}
