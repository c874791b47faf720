import type { ChatSendInputZod, ChatSession, ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { z } from 'zod';
import { atOnce } from '../../../db/at_once';
import type { Db } from '../../../db/db';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import { currentTraceparent } from '../../../lib/trace_context';
import type { TenantContext } from '../../../procedures/context';
import { performRunTask } from '../../runs/runs.event';
import { replaceFrom } from './replace_messages.service';
import { noSuchChat } from './with_session.service';

/**
 * Takes a question and reserves the place of its answer, and puts the run into the queue, all or nothing. A
 * message that was taken before changes nothing, so that it is answered once however often it is sent. One
 * that is written instead of an earlier one counts as one more: an answer was given to either.
 * @throws AppError NOT_FOUND, CONFLICT when the session is over or full, or what it replaces has gone already
 */
export async function sendMessage(
  ctx: TenantContext,
  input: z.output<typeof ChatSendInputZod>,
): Promise<void> {
  const { app, db, tenantId, actor } = ctx;
  const { chatSessionId, messageId, runId, replacesMessageId } = input;
  const { session, maxMessages, takenIn } = await lockPlace(ctx, chatSessionId, messageId);
  if (takenIn === chatSessionId) return;
  if (takenIn !== null) throw new AppError('CONFLICT', 'A message with this id exists in another chat.');
  if (session.status === 'completed')
    throw new AppError('CONFLICT', 'This chat is finished. Start it again to go on.');
  const { classId, userId, toolVersionId } = session;
  if (classId && !actor.classRoles.some((role) => role.classId === classId)) {
    throw new AppError('FORBIDDEN', 'You are no longer in this class, so its chats cannot go on.');
  }
  if (maxMessages !== null) {
    const used = await db.messages.where({ ...stored({ tenantId, chatSessionId }), role: 'user' }).count();
    if (used >= maxMessages)
      throw new AppError('CONFLICT', `All ${maxMessages} messages of this chat are used.`);
  }
  if (replacesMessageId) await replaceFrom(ctx, chatSessionId, replacesMessageId);
  const seq = session.lastSeq + 1;
  await atOnce([
    takeQuestion(db, {
      ...input,
      tenantId,
      userId,
      classId,
      toolVersionId,
      seq,
      messageCount: session.messageCount + 1,
    }),
    app.enqueue(performRunTask, { tenantId, runId }),
  ]);
}

/** $1 tenant, $2 session. */
const lockSql = prepareSql(
  'lock_session_of_question',
  `select user_id, class_id, tool_version_id, status, last_seq, message_count from chat_sessions
   where tenant_id = $1::uuid and chat_session_id = $2::uuid and deleted_at is null for update`,
);
/** $1 tenant, $2 session, $3 message. */
const placeSql = prepareSql(
  'place_of_message',
  `select v.max_messages, (
     select m.chat_session_id from messages m where m.tenant_id = $1::uuid and m.message_id = $3::uuid) as taken
   from chat_sessions s
   join tool_versions v on v.tenant_id = s.tenant_id and v.tool_version_id = s.tool_version_id
   where s.tenant_id = $1::uuid and s.chat_session_id = $2::uuid`,
);

type LockedRow = {
  user_id: string;
  class_id: string | null;
  tool_version_id: string;
  status: ChatSession['status'];
  last_seq: number;
  message_count: number;
};

/**
 * The actor's own chat, locked until the transaction ends, so that places in it are given out one by one; how many
 * messages its tool allows, and the chat in which a message of this id stands already. In one round trip, and the
 * second behind the lock of the first.
 * @throws AppError NOT_FOUND for a missing chat or somebody else's
 */
async function lockPlace(
  { db, tenantId, actor }: TenantContext,
  chatSessionId: ChatSessionId,
  messageId: RichId<'message'>,
) {
  const ids = [storedId(tenantId), storedId(chatSessionId)];
  const [[locked], [place]] = await atOnce([
    runSql<LockedRow>(db, lockSql, ids),
    runSql<{ max_messages: number | null; taken: string | null }>(db, placeSql, [
      ...ids,
      storedId(messageId),
    ]),
  ]);
  const userId = locked && idFromUuid('user', locked.user_id);
  if (!locked || userId !== actor.userId) throw new AppError('NOT_FOUND', noSuchChat);
  if (!place) throw new Error('a chat without its tool');
  const session = {
    userId,
    classId: locked.class_id === null ? null : idFromUuid('class', locked.class_id),
    toolVersionId: idFromUuid('toolversion', locked.tool_version_id),
    status: locked.status,
    lastSeq: locked.last_seq,
    messageCount: locked.message_count,
  };
  const takenIn = place.taken === null ? null : idFromUuid('chat', place.taken);
  return { session, maxMessages: place.max_messages, takenIn };
}

/**
 * $1 tenant, $2 session, $3 person, $4 class or null, $5 run, $6 question, $7 its place, $8 its text, $9 answer,
 * $10 tool version, $11 trace or null, $12 messages of the session. The answer's place is the one after the question's.
 */
const takeSql = prepareSql(
  'take_question',
  `
with question as (
  insert into messages (tenant_id, chat_session_id, user_id, class_id, run_id, message_id, seq, role, text)
  values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6::uuid, $7::int, 'user', $8::text)
), run as (
  insert into runs (tenant_id, chat_session_id, user_id, class_id, run_id, message_id, answer_message_id, answer_seq,
    tool_version_id, traceparent)
  values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6::uuid, $9::uuid, $7::int + 1, $10::uuid, $11::text)
)
update chat_sessions set last_seq = $7::int + 1, message_count = $12::int,
  last_message_at = date_trunc('milliseconds', now()), updated_at = now()
where tenant_id = $1::uuid and chat_session_id = $2::uuid`,
);

type Question = Omit<z.output<typeof ChatSendInputZod>, 'replacesMessageId'> & {
  tenantId: TenantId;
  userId: UserId;
  classId: ClassId | null;
  toolVersionId: RichId<'toolversion'>;
  seq: number;
  messageCount: number;
};

/** Stores a question with the run that is to answer it: one statement, since everybody who asks waits for it. */
async function takeQuestion(db: Db, question: Question): Promise<void> {
  const { tenantId, chatSessionId, userId, classId, runId, messageId, answerMessageId, toolVersionId } =
    question;
  await runSql(db, takeSql, [
    storedId(tenantId),
    storedId(chatSessionId),
    storedId(userId),
    classId && storedId(classId),
    storedId(runId),
    storedId(messageId),
    question.seq,
    question.text,
    storedId(answerMessageId),
    storedId(toolVersionId),
    currentTraceparent() ?? null,
    question.messageCount,
  ]);
}
