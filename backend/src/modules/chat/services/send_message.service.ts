import type { ChatSendInputZod, ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import { idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { z } from 'zod';
import type { Db } from '../../../db/db';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { performRunTask } from '../../runs/runs.event';
import { replaceFrom } from './replace_messages.service';
import { lockOwnSession } from './with_session.service';

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
  const { chatSessionId, messageId, runId, answerMessageId, text, replacesMessageId } = input;
  const session = await lockOwnSession(ctx, chatSessionId);
  const { maxMessages, takenIn } = await readPlace(db, { ...session, messageId });
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
  const answerSeq = seq + 1;
  const place = { tenantId, chatSessionId, userId, classId, runId };
  await db.messages.create({ ...place, messageId, seq, role: 'user', text });
  await db.runs.create({ ...place, messageId, answerMessageId, answerSeq, toolVersionId });
  await db.chatSessions.where(stored({ tenantId, chatSessionId })).update({
    lastSeq: answerSeq,
    messageCount: session.messageCount + 1,
    lastMessageAt: Date.now(),
  });
  await app.enqueue(performRunTask, { tenantId, runId });
}

/** $1 tenant, $2 tool version, $3 message. */
const placeSql = prepareSql(
  'place_of_message',
  `select v.max_messages as "maxMessages", (
     select m.chat_session_id from messages m where m.tenant_id = $1::uuid and m.message_id = $3::uuid) as taken
   from tool_versions v where v.tenant_id = $1::uuid and v.tool_version_id = $2::uuid`,
);

/** How many messages the chat's tool allows, and the chat in which a message of this id stands already. */
async function readPlace(
  db: Db,
  of: { tenantId: TenantId; toolVersionId: RichId<'toolversion'>; messageId: RichId<'message'> },
): Promise<{ maxMessages: number | null; takenIn: ChatSessionId | null }> {
  const ids = [storedId(of.tenantId), storedId(of.toolVersionId), storedId(of.messageId)];
  const [row] = await runSql<{ maxMessages: number | null; taken: string | null }>(db, placeSql, ids);
  if (!row) throw new Error('a chat without its tool');
  return { maxMessages: row.maxMessages, takenIn: row.taken === null ? null : idFromUuid('chat', row.taken) };
}
