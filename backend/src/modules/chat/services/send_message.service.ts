import type { ChatSendInputZod } from '@raptscallions/zod-schemas/chat.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
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
  const taken = await db.messages.includeDeleted().findByOptional(stored({ tenantId, messageId }));
  if (taken) {
    if (taken.chatSessionId === chatSessionId) return;
    throw new AppError('CONFLICT', 'A message with this id exists in another chat.');
  }
  if (session.status === 'completed')
    throw new AppError('CONFLICT', 'This chat is finished. Start it again to go on.');
  const { classId, userId, toolVersionId } = session;
  if (classId && !actor.classRoles.some((role) => role.classId === classId)) {
    throw new AppError('FORBIDDEN', 'You are no longer in this class, so its chats cannot go on.');
  }
  const { maxMessages } = await db.toolVersions.includeDeleted().findBy(stored({ tenantId, toolVersionId }));
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
