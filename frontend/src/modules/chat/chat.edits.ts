import { defineEdit, type Edit } from '../../sync/edit';
import { readNextSeq } from './chat.queries';

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
    completedAt: null,
    hiddenAt: null,
    createdAt: actor.now,
    updatedAt: actor.now,
  });
});

const sendMessage = defineEdit('chat.send', async (writer, args, actor) => {
  const session = await writer.db.chatSessions.get(args.chatSessionId);
  if (!session) return;
  const { chatSessionId, classId, toolVersionId } = session;
  const { messageId, runId, answerMessageId } = args;
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
    ...times,
  });
  await writer.put('runs', {
    runId,
    kind: 'chat',
    chatSessionId,
    messageId,
    answerMessageId,
    userId: session.userId,
    classId,
    toolVersionId,
    status: 'pending',
    attempt: 0,
    errorCode: null,
    errorMessage: null,
    startedAt: null,
    finishedAt: null,
    ...times,
  });
  await writer.update('chatSessions', chatSessionId, {
    messageCount: session.messageCount + 1,
    lastMessageAt: actor.now,
  });
});

const retryRun = defineEdit('chat.retry', async (writer, args) => {
  const run = await writer.db.runs.get(args.runId);
  // Laid over a server row that is under way again already, it must not put it back to waiting.
  if (!run || run.status === 'pending' || run.status === 'processing') return;
  await writer.update('runs', args.runId, { status: 'pending', errorCode: null, errorMessage: null });
});

const completeChat = defineEdit('chat.complete', async (writer, args, actor) => {
  await writer.update('chatSessions', args.chatSessionId, { status: 'completed', completedAt: actor.now });
});

const hideChat = defineEdit('chat.hide', async (writer, args, actor) => {
  await writer.update('chatSessions', args.chatSessionId, { hiddenAt: args.hidden ? actor.now : null });
});

/** Leaves nothing on this device: who opened what is kept by the server alone. */
const recordView = defineEdit('chat.recordView', async () => {});

export const chatEdits: Edit[] = [startChat, sendMessage, retryRun, completeChat, hideChat, recordView];
