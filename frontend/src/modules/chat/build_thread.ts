import type { ChatSessionId, Message, Run } from '@raptscallions/zod-schemas/chat.zod';
import type { EditArgs } from '@raptscallions/zod-schemas/edit.zod';
import type { SyncRefusal } from '@raptscallions/zod-schemas/sync_client.zod';
import { isOpen } from './is_open';

/** A `chat.send` that is still on this device. */
export type WaitingSend = {
  mid: number;
  args: EditArgs<'chat.send'>;
  createdAt: number;
  state: 'queued' | 'sending';
};
/** A `chat.send` the server would not take, with its sentence. */
export type RefusedSend = {
  refusalId: SyncRefusal['syncRefusalId'];
  args: EditArgs<'chat.send'>;
  createdAt: number;
  sentence: string;
};

export type QuestionState =
  /** `place` in the line from 1 */
  | { name: 'queued'; mid: number; place: number; args: EditArgs<'chat.send'> }
  | { name: 'sending' }
  /** was on the wire when the network went: only the server knows whether it has it */
  | { name: 'cutOff' }
  | { name: 'sent' }
  /** stored by the server, which answers an earlier one first */
  | { name: 'inTurn' }
  | { name: 'failed'; runId: Run['runId']; sentence: string }
  | { name: 'refused'; refusalId: RefusedSend['refusalId']; sentence: string; args: EditArgs<'chat.send'> }
  | { name: 'stopped'; runId: Run['runId'] }
  | { name: 'blocked'; sentence: string };

export type Question = {
  kind: 'question';
  key: string;
  /** null: the server does not have it */
  messageId: Message['messageId'] | null;
  text: string;
  writtenAt: number;
  state: QuestionState;
  /** another version took its place; only records show it */
  replaced: boolean;
};
export type Answer = {
  kind: 'answer';
  /** the id of the answer, which it has before it exists: the finished row replaces the stream in place */
  key: string;
  message: Message | null;
  run: Run | null;
  live: boolean;
  replaced: boolean;
};
type Note = { kind: 'note'; key: string; text: string };
export type ThreadItem = Question | Answer | Note;

const sentences = {
  failed: 'the answer did not come.',
  blocked: 'a filter of your school held this message back.',
};

/**
 * The conversation as it is shown: what the server has in the order of its places, each question with the
 * answer that came or is on its way, then what waits on this device in the order it was written.
 * `online`: whether what waits is being sent right now.
 */
export function buildThread(input: {
  messages: readonly Message[];
  runs: readonly Run[];
  waiting: readonly WaitingSend[];
  refused: readonly RefusedSend[];
  online: boolean;
  /** for a record: also what left the conversation because it was written anew or asked for again */
  withReplaced?: boolean;
}): ThreadItem[] {
  const waitingIds = new Set(input.waiting.map((send) => send.args.messageId));
  // The latest counts: an answer may have been asked for again, or gone on with.
  const runs = [...input.runs].sort((a, b) => a.createdAt - b.createdAt || (a.runId < b.runId ? -1 : 1));
  const runOfQuestion = new Map(runs.map((run) => [run.messageId, run]));
  const runOfAnswer = new Map(runs.map((run) => [run.answerMessageId, run]));
  const messages = input.messages
    .filter((message) => input.withReplaced || message.replacedAt === null)
    .sort((a, b) => a.seq - b.seq);
  const stored = new Map(messages.map((message) => [message.messageId, message]));
  const items: ThreadItem[] = [];
  let busy = false;

  for (const message of messages) {
    if (waitingIds.has(message.messageId)) continue;
    const replaced = message.replacedAt !== null;
    if (message.role === 'system') {
      items.push({ kind: 'note', key: message.messageId, text: message.text });
    } else if (message.role === 'assistant') {
      const run = runOfAnswer.get(message.messageId) ?? null;
      // A retry: the part that came before stands until the new answer begins.
      const live = run !== null && isOpen(run) && !replaced;
      items.push({ kind: 'answer', key: message.messageId, message, run, live, replaced });
    } else {
      const run = runOfQuestion.get(message.messageId) ?? null;
      const answer = run?.answerMessageId ? stored.get(run.answerMessageId) : undefined;
      items.push({
        kind: 'question',
        key: message.messageId,
        messageId: message.messageId,
        text: message.text,
        writtenAt: message.createdAt,
        state: questionState(message, run, answer, busy),
        replaced,
      });
      if (run && isOpen(run) && !replaced) {
        // One run of a session is answered at a time: only the first shows that it is being worked on.
        if (!busy && !answer && run.answerMessageId) {
          const key = run.answerMessageId;
          items.push({ kind: 'answer', key, message: null, run, live: true, replaced });
        }
        busy = true;
      }
    }
  }
  for (const refusal of input.refused) {
    if (stored.has(refusal.args.messageId)) continue;
    items.push({
      kind: 'question',
      key: refusal.args.messageId,
      messageId: null,
      text: refusal.args.text,
      writtenAt: refusal.createdAt,
      state: {
        name: 'refused',
        refusalId: refusal.refusalId,
        sentence: refusal.sentence,
        args: refusal.args,
      },
      replaced: false,
    });
  }
  const inLine = [...input.waiting].sort((a, b) => a.mid - b.mid);
  for (const [at, send] of inLine.entries()) {
    items.push({
      kind: 'question',
      key: send.args.messageId,
      messageId: null,
      text: send.args.text,
      writtenAt: send.createdAt,
      state: waitingState(send, at + 1, input.online),
      replaced: false,
    });
  }
  return items;
}

function waitingState(send: WaitingSend, place: number, online: boolean): QuestionState {
  if (online) return { name: 'sending' };
  return send.state === 'sending'
    ? { name: 'cutOff' }
    : { name: 'queued', mid: send.mid, place, args: send.args };
}

function questionState(
  message: Message,
  run: Run | null,
  answer: Message | undefined,
  busy: boolean,
): QuestionState {
  if (message.outcome === 'blocked')
    return { name: 'blocked', sentence: run?.errorMessage ?? sentences.blocked };
  // With part of an answer there, what went wrong is said below that part.
  if (!run || answer) return { name: 'sent' };
  switch (run.status) {
    case 'failed':
      return { name: 'failed', runId: run.runId, sentence: run.errorMessage ?? sentences.failed };
    case 'cancelled':
      return { name: 'stopped', runId: run.runId };
    case 'blocked':
      return { name: 'blocked', sentence: run.errorMessage ?? sentences.blocked };
    case 'pending':
      return busy ? { name: 'inTurn' } : { name: 'sent' };
    default:
      return { name: 'sent' };
  }
}

/** The run whose answer comes in now, or null. */
export function liveRunOf(items: readonly ThreadItem[]): Run | null {
  for (const item of items) if (item.kind === 'answer' && item.live) return item.run;
  return null;
}

/** Whether an outbox entry's `args` are a message to this session. */
export function isSendTo(chatSessionId: ChatSessionId | null, args: unknown): args is EditArgs<'chat.send'> {
  return (
    typeof args === 'object' &&
    args !== null &&
    'chatSessionId' in args &&
    args.chatSessionId === chatSessionId &&
    'messageId' in args &&
    'text' in args
  );
}
