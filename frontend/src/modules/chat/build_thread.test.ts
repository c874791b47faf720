import type { Message, Run } from '@raptscallions/zod-schemas/chat.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { describe, expect, it } from 'vitest';
import {
  buildThread,
  type Question,
  type RefusedSend,
  type ThreadItem,
  type WaitingSend,
} from './build_thread';
import { isSameItem } from './same_item';

const chatSessionId = newId('chat');
const userId = newId('user');
const base = { chatSessionId, userId, classId: null, createdAt: 1_000, updatedAt: 1_000 };

function turn(seq: number, status: Run['status'], more: Partial<Run> = {}) {
  const ids = { messageId: newId('message'), runId: newId('run'), answerMessageId: newId('message') };
  const question: Message = {
    ...base,
    messageId: ids.messageId,
    runId: ids.runId,
    seq,
    role: 'user',
    text: `question ${seq}`,
    outcome: 'complete',
    meta: {},
    replacedAt: null,
  };
  const answer: Message = {
    ...question,
    messageId: ids.answerMessageId,
    seq: seq + 1,
    role: 'assistant',
    text: `answer ${seq}`,
  };
  const run: Run = {
    ...base,
    ...ids,
    kind: 'chat',
    toolVersionId: newId('toolversion'),
    status,
    attempt: 1,
    continues: false,
    notice: null,
    errorCode: null,
    errorMessage: null,
    startedAt: null,
    finishedAt: null,
    ...more,
  };
  return { question, answer, run };
}

function send(mid: number, state: WaitingSend['state'] = 'queued'): WaitingSend {
  const args = {
    chatSessionId,
    messageId: newId('message'),
    runId: newId('run'),
    answerMessageId: newId('message'),
    text: `waiting ${mid}`,
  };
  return { mid, args, createdAt: 2_000, state };
}

const empty = { messages: [], runs: [], waiting: [], refused: [] as RefusedSend[], online: true };
const texts = (items: ThreadItem[]) =>
  items.map((item) => (item.kind === 'answer' ? (item.message?.text ?? 'live') : item.text));
const stateOf = (item: ThreadItem | undefined) => (item as Question | undefined)?.state;

describe('buildThread', () => {
  it('orders what the server has by its places, then what waits here by the order of writing', () => {
    const one = turn(1, 'completed');
    const two = turn(3, 'completed');
    const items = buildThread({
      ...empty,
      messages: [two.answer, one.answer, two.question, one.question],
      runs: [two.run, one.run],
      waiting: [send(9), send(7)],
      online: false,
    });
    expect(texts(items)).toEqual([
      'question 1',
      'answer 1',
      'question 3',
      'answer 3',
      'waiting 7',
      'waiting 9',
    ]);
    expect(stateOf(items[4])).toMatchObject({ name: 'queued', place: 1, mid: 7 });
    expect(stateOf(items[5])).toMatchObject({ name: 'queued', place: 2, mid: 9 });
  });

  it('keeps what waits last, whatever place this device gave it', () => {
    const waiting = send(4);
    const { question, run } = turn(1, 'pending');
    const local = { ...question, messageId: waiting.args.messageId, text: 'waiting 4' };
    const later = turn(8, 'completed');
    const items = buildThread({
      ...empty,
      messages: [local, later.question, later.answer],
      runs: [{ ...run, messageId: waiting.args.messageId }, later.run],
      waiting: [waiting],
    });
    expect(texts(items)).toEqual(['question 8', 'answer 8', 'waiting 4']);
    expect(stateOf(items[2])).toEqual({ name: 'sending' });
  });

  it('shows an answer under its final key from the moment its run waits', () => {
    const { question, answer, run } = turn(1, 'processing');
    const live = buildThread({ ...empty, messages: [question], runs: [run] });
    expect(live[1]).toMatchObject({ kind: 'answer', live: true, key: answer.messageId });
    const done = buildThread({
      ...empty,
      messages: [question, answer],
      runs: [{ ...run, status: 'completed' }],
    });
    expect(done[1]).toMatchObject({ kind: 'answer', live: false, key: answer.messageId });
    expect(done).toHaveLength(live.length);
  });

  it('lets only the first of several open runs speak', () => {
    const [one, two] = [turn(1, 'processing'), turn(3, 'pending')];
    const items = buildThread({
      ...empty,
      messages: [one.question, two.question],
      runs: [one.run, two.run],
    });
    expect(items.map((item) => item.kind)).toEqual(['question', 'answer', 'question']);
    expect(stateOf(items[2])).toEqual({ name: 'inTurn' });
  });

  it('says why there is no answer', () => {
    const failed = turn(1, 'failed', { errorMessage: 'The model was too slow.' });
    const stopped = turn(3, 'cancelled');
    const blocked = turn(5, 'blocked', { errorMessage: 'No phone numbers.' });
    const all = [failed, stopped, blocked];
    const items = buildThread({
      ...empty,
      messages: all.map(({ question }) => question),
      runs: all.map(({ run }) => run),
    });
    expect(items.map(stateOf)).toEqual([
      { name: 'failed', runId: failed.run.runId, sentence: 'The model was too slow.' },
      { name: 'stopped', runId: stopped.run.runId },
      { name: 'blocked', sentence: 'No phone numbers.' },
    ]);
  });

  it('keeps the part of an answer that came before a failure or a stop', () => {
    const { question, answer, run } = turn(1, 'failed');
    const items = buildThread({
      ...empty,
      messages: [question, { ...answer, outcome: 'interrupted' }],
      runs: [run],
    });
    expect(stateOf(items[0])).toEqual({ name: 'sent' });
    expect(items[1]).toMatchObject({ kind: 'answer', live: false, message: { text: 'answer 1' } });
  });

  it('lets the old part stand while a retry begins, under the same key', () => {
    const { question, answer, run } = turn(1, 'pending');
    const items = buildThread({ ...empty, messages: [question, answer], runs: [run] });
    expect(items).toHaveLength(2);
    expect(items[1]).toMatchObject({ key: answer.messageId, live: true });
  });

  it('keeps a refused message with its reason until its author has seen to it', () => {
    const { args } = send(1);
    const refused = { refusalId: newId('refusal'), args, createdAt: 5, sentence: 'This chat is finished.' };
    const items = buildThread({ ...empty, refused: [refused] });
    expect(items[0]).toMatchObject({
      text: 'waiting 1',
      state: { name: 'refused', sentence: refused.sentence },
    });
  });

  it('offers no change to a message that was on the wire when the network went', () => {
    const items = buildThread({ ...empty, waiting: [send(1, 'sending'), send(2)], online: false });
    expect(items.map(stateOf)).toMatchObject([{ name: 'cutOff' }, { name: 'queued', place: 2 }]);
  });
});

describe('isSameItem', () => {
  it('sees no difference between two readings of the same rows, and every one that is drawn', () => {
    const { question, answer, run } = turn(1, 'completed');
    const read = (more: Partial<Message> = {}, runMore: Partial<Run> = {}) =>
      buildThread({
        ...empty,
        messages: [{ ...question }, { ...answer, ...more }],
        runs: [{ ...run, ...runMore }],
      });
    const before = read();
    const same = (after: ThreadItem[]) =>
      before.every((item, at) => {
        const other = after[at];
        return other !== undefined && isSameItem(item, other);
      });
    expect(same(read())).toBe(true);
    expect(same(read({ text: 'other' }))).toBe(false);
    expect(same(read({ outcome: 'stopped' }))).toBe(false);
    expect(same(read({}, { status: 'failed' }))).toBe(false);
  });
});

describe('versions', () => {
  const build = (messages: Message[], runs: Run[], withReplaced = false) =>
    buildThread({ messages, runs, waiting: [], refused: [], online: true, withReplaced });

  it('that were replaced are no part of the conversation, and stand in a record as such', () => {
    const old = turn(1, 'completed');
    const now = turn(3, 'completed');
    const gone = [old.question, old.answer].map((message) => ({ ...message, replacedAt: 5 }));
    const messages = [...gone, now.question, now.answer];
    const shown = build(messages, [old.run, now.run]);
    expect(shown.map(({ key }) => key)).toEqual([now.question.messageId, now.answer.messageId]);
    const record = build(messages, [old.run, now.run], true);
    expect(record.map((item) => item.kind !== 'note' && item.replaced)).toEqual([true, true, false, false]);
  });

  it('of an answer: the one that comes in stands where the old one stood', () => {
    const { question, answer, run } = turn(1, 'completed');
    const again: Run = {
      ...run,
      runId: newId('run'),
      answerMessageId: newId('message'),
      status: 'processing',
      createdAt: 2_000,
    };
    const items = build([question, { ...answer, replacedAt: 5 }], [again, run]);
    expect(items).toMatchObject([{ kind: 'question' }, { kind: 'answer', live: true, message: null }]);
    expect(items[1]?.key).toBe(again.answerMessageId);
  });

  it('an answer that goes on is live and keeps what it has', () => {
    const { question, answer, run } = turn(1, 'cancelled');
    const more: Run = { ...run, runId: newId('run'), continues: true, status: 'pending', createdAt: 2_000 };
    const items = build([question, { ...answer, outcome: 'stopped' }], [run, more]);
    expect(items).toHaveLength(2);
    expect(items[1]).toMatchObject({ kind: 'answer', live: true, message: { text: 'answer 1' }, run: more });
  });
});
