import { z } from 'zod';
import { assignmentId } from './assignment.zod';
import { classId } from './class.zod';
import { richId } from './rich_id';
import { timestampNumber, timestampsShape } from './timestamp';
import { toolId, toolVersionId } from './tool.zod';
import { userId } from './user.zod';

export const chatSessionId = richId('chat');
export const messageId = richId('message');
export const runId = richId('run');
export type ChatSessionId = z.infer<typeof chatSessionId>;

/** A chat nobody has written in for so long is over, ms. */
export const chatIdleMs = 24 * 60 * 60_000;

export const chatSessionStatus = z.enum(['active', 'paused', 'completed']);
export const ChatSessionSelectAllZod = z.object({
  chatSessionId,
  userId,
  toolId,
  toolVersionId,
  /** both null: the author tries the tool */
  assignmentId: assignmentId.nullable(),
  classId: classId.nullable(),
  status: chatSessionStatus,
  messageCount: z.int(),
  lastMessageAt: timestampNumber.nullable(),
  /** who paused it, while it is paused: what the class's staff paused, the pupil cannot resume */
  pausedByUserId: userId.nullable(),
  completedAt: timestampNumber.nullable(),
  /** the pupil put it away; teachers and retention keep it */
  hiddenAt: timestampNumber.nullable(),
  ...timestampsShape,
});
export type ChatSession = z.infer<typeof ChatSessionSelectAllZod>;

export const messageRole = z.enum(['user', 'assistant', 'system']);
/**
 * How an answer ended. `stopped`: by a person; `interrupted`: by a failure after text was shown; `cut`: at the
 * length the model may write at once.
 */
export const messageOutcome = z.enum(['complete', 'stopped', 'interrupted', 'blocked', 'cut']);
export const MessageSelectAllZod = z.object({
  messageId,
  chatSessionId,
  /** whose session it is; also the author of every `user` message in it */
  userId,
  classId: classId.nullable(),
  runId: runId.nullable(),
  /** place in the session from 1; the answer's place is reserved with the question's */
  seq: z.int().positive(),
  role: messageRole,
  text: z.string(),
  outcome: messageOutcome,
  meta: z.object({
    provider: z.enum(['practice', 'gateway']).optional(),
    model: z.string().optional(),
    promptTokens: z.number().optional(),
    completionTokens: z.number().optional(),
    latencyMs: z.number().optional(),
  }),
  /** another version took its place, and it left the conversation; teachers still see it */
  replacedAt: timestampNumber.nullable(),
  ...timestampsShape,
});
export type Message = z.infer<typeof MessageSelectAllZod>;

export const runKind = z.enum(['chat', 'product']);
export const runStatus = z.enum(['pending', 'processing', 'completed', 'failed', 'cancelled', 'blocked']);
export type RunStatus = z.infer<typeof runStatus>;
/**
 * What whoever waits should know before the first word is there. `slow`: nothing has come for a while;
 * `retrying`: the AI failed and is asked again; `busy`: the AI, or a limit by the minute, lets us come back later.
 */
export const runNotice = z.enum(['slow', 'retrying', 'busy']);
export const RunSelectAllZod = z.object({
  runId,
  kind: runKind,
  chatSessionId: chatSessionId.nullable(),
  /** the question */
  messageId: messageId.nullable(),
  answerMessageId: messageId.nullable(),
  userId,
  classId: classId.nullable(),
  toolVersionId,
  status: runStatus,
  attempt: z.int(),
  /** goes on where an answer that has no end left off: its text comes after the answer's */
  continues: z.boolean(),
  notice: runNotice.nullable(),
  /** a code of the error vocabulary and the sentence for the pupil, when it failed */
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  startedAt: timestampNumber.nullable(),
  finishedAt: timestampNumber.nullable(),
  ...timestampsShape,
});
export type Run = z.infer<typeof RunSelectAllZod>;

/** `assignmentId` for a pupil's work; only `toolVersionId` when an author tries a tool. */
export const ChatStartInputZod = z.object({
  chatSessionId,
  assignmentId: assignmentId.nullable(),
  toolVersionId,
});
export const messageText = z.string().trim().min(1, 'Write something first').max(8_000);
export const ChatSendInputZod = z.object({
  chatSessionId,
  messageId,
  runId,
  answerMessageId: messageId,
  text: messageText,
  /** the question this one is written instead of: it and all that follows leave the conversation */
  replacesMessageId: messageId.nullable().optional(),
});
/** `answerMessageId`: the last answer of its session; it gives way to another one. */
export const ChatRegenerateInputZod = z.object({
  answerMessageId: messageId,
  runId,
  newAnswerMessageId: messageId,
});
export const ChatContinueInputZod = z.object({ answerMessageId: messageId, runId });
export const ChatPauseInputZod = z.object({ chatSessionId, paused: z.boolean() });
export const ChatRetryInputZod = z.object({ runId });
export const ChatStopInputZod = z.object({ runId });
export const ChatCompleteInputZod = z.object({ chatSessionId });
export const ChatHideInputZod = z.object({ chatSessionId, hidden: z.boolean() });
export const TranscriptViewRecordInputZod = z.object({
  transcriptViewId: richId('view'),
  chatSessionId,
  viewedAt: timestampNumber,
});
