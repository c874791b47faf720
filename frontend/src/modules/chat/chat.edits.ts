import type { ChatSessionId, Message } from '@raptscallions/zod-schemas/chat.zod';
import { defineEdit, type Edit, type EditWriter } from '../../sync/edit';
import { putBackRun, waitingRun } from '../runs/waiting_run';
import { readNextSeq, readThread } from './chat.queries';
import { isOpen } from './is_open';

const startChat = defineEdit('chat.start', async (writer, args, actor) => {
  const [assignment, version] = await Promise.all([
    args.assignmentId ? writer.db.assignments.get(args.assignmentId) : undefined,
    writer.db.toolVersions.get(args.toolVersionId),
  ]);
  // Without the version nobody could say what is talked to; the server will refuse it too.
  if (!version) return;
  await writer.put('chatSessions', {
    chatSessionId: args.chatSessionId,
    userId: actor.userId,
    toolId: version.toolId,
    toolVersionId: args.toolVersionId,
    assignmentId: args.assignmentId,
    classId: assignment?.classId ?? null,
    status: 'active',
    messageCount: 0,
    lastMessageAt: null,
    pausedByUserId: null,
    completedAt: null,
    hiddenAt: null,
    createdAt: actor.now,
    updatedAt: actor.now,
  });
});

const newRun = { ...waitingRun, kind: 'chat' } as const;

/** A question and all that follows it leave the conversation; what waits for an answer waits no longer. */
async function replaceFrom(
  writer: EditWriter,
  chatSessionId: ChatSessionId,
  messageId: Message['messageId'],
  now: number,
) {
  const { messages, runs } = await readThread(writer.db, chatSessionId);
  const first = messages.find((message) => message.messageId === messageId);
  // Replaced already, by this edit or from another device: the server says which.
  if (!first || first.replacedAt !== null) return;
  const gone = messages.filter((message) => message.seq >= first.seq && message.replacedAt === null);
  const goneIds = new Set(gone.map((message) => message.messageId));
  for (const message of gone) await writer.update('messages', message.messageId, { replacedAt: now });
  for (const run of runs) {
    if (run.messageId && goneIds.has(run.messageId) && isOpen(run)) {
      await writer.update('runs', run.runId, { status: 'cancelled' });
    }
  }
}

const sendMessage = defineEdit('chat.send', async (writer, args, actor) => {
  const session = await writer.db.chatSessions.get(args.chatSessionId);
  if (!session) return;
  const { chatSessionId, classId, toolVersionId } = session;
  const { messageId, runId, answerMessageId, replacesMessageId } = args;
  if (replacesMessageId) await replaceFrom(writer, chatSessionId, replacesMessageId, actor.now);
  const times = { createdAt: actor.now, updatedAt: actor.now };
  await writer.put('messages', {
    messageId,
    chatSessionId,
    userId: session.userId,
    classId,
    runId,
    seq: await readNextSeq(writer.db, chatSessionId),
    role: 'user',
    text: args.text.trim(),
    outcome: 'complete',
    meta: {},
    replacedAt: null,
    ...times,
  });
  await writer.put('runs', {
    ...newRun,
    runId,
    chatSessionId,
    messageId,
    answerMessageId,
    userId: session.userId,
    classId,
    toolVersionId,
    ...times,
  });
  await writer.update('chatSessions', chatSessionId, {
    messageCount: session.messageCount + 1,
    lastMessageAt: actor.now,
  });
});

const retryRun = defineEdit('chat.retry', (writer, { runId }) => putBackRun(writer, runId));

/** The last answer and its question, unless the chat has gone on since. */
async function readLastAnswer(writer: EditWriter, answerMessageId: Message['messageId']) {
  const answer = await writer.db.messages.get(answerMessageId);
  const run = answer?.runId ? await writer.db.runs.get(answer.runId) : undefined;
  if (!answer || !run || answer.replacedAt !== null) return undefined;
  const { messages, runs } = await readThread(writer.db, answer.chatSessionId);
  const later = messages.some((message) => message.seq > answer.seq && message.replacedAt === null);
  return later || runs.some(isOpen) ? undefined : { answer, run };
}

const regenerate = defineEdit('chat.regenerate', async (writer, args, actor) => {
  const last = await readLastAnswer(writer, args.answerMessageId);
  if (!last) return;
  const { chatSessionId, messageId, userId, classId, toolVersionId } = last.run;
  await writer.update('messages', args.answerMessageId, { replacedAt: actor.now });
  await writer.put('runs', {
    ...newRun,
    runId: args.runId,
    chatSessionId,
    messageId,
    answerMessageId: args.newAnswerMessageId,
    userId,
    classId,
    toolVersionId,
    createdAt: actor.now,
    updatedAt: actor.now,
  });
});

const continueAnswer = defineEdit('chat.continue', async (writer, args, actor) => {
  const last = await readLastAnswer(writer, args.answerMessageId);
  if (!last) return;
  const { chatSessionId, messageId, userId, classId, toolVersionId } = last.run;
  await writer.put('runs', {
    ...newRun,
    continues: true,
    runId: args.runId,
    chatSessionId,
    messageId,
    answerMessageId: args.answerMessageId,
    userId,
    classId,
    toolVersionId,
    createdAt: actor.now,
    updatedAt: actor.now,
  });
});

const pauseChat = defineEdit('chat.pause', async (writer, args, actor) => {
  const session = await writer.db.chatSessions.get(args.chatSessionId);
  if (!session || session.status === 'completed') return;
  await writer.update('chatSessions', args.chatSessionId, {
    status: args.paused ? 'paused' : 'active',
    pausedByUserId: args.paused ? actor.userId : null,
  });
});

const completeChat = defineEdit('chat.complete', async (writer, args, actor) => {
  await writer.update('chatSessions', args.chatSessionId, {
    status: 'completed',
    pausedByUserId: null,
    completedAt: actor.now,
  });
});

const hideChat = defineEdit('chat.hide', async (writer, args, actor) => {
  await writer.update('chatSessions', args.chatSessionId, { hiddenAt: args.hidden ? actor.now : null });
});

/** Leaves nothing on this device: who opened what is kept by the server alone. */
const recordView = defineEdit('chat.recordView', async () => {});

export const chatEdits: Edit[] = [
  startChat,
  sendMessage,
  retryRun,
  regenerate,
  continueAnswer,
  pauseChat,
  completeChat,
  hideChat,
  recordView,
];
