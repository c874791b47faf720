import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runSql } from '../../db/run_sql';
import { stored, storedId } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';
import { endIdleSessions } from './services/end_session.service';

let runs: Awaited<ReturnType<typeof buildRuns>>;
beforeAll(async () => {
  runs = await buildRuns();
});
afterAll(() => runs.close());

const { chat: api } = userAppRouter;
const settles = { timeout: 20_000, interval: 30 };
type Chat = Awaited<ReturnType<typeof runs.openChat>>;
type RunId = Parameters<Chat['run']>[0];

const ends = (chat: Chat, runId: RunId, status = 'completed') =>
  vi.waitFor(async () => expect((await chat.run(runId)).status).toBe(status), settles);
async function ask(chat: Chat, text: string) {
  const ids = await chat.say(text);
  await ends(chat, ids.runId);
  return ids;
}
const shown = async (chat: Chat) =>
  (await chat.messages()).filter(({ replacedAt }) => replacedAt === null).map(({ text }) => text);
const sent = (at: number) => runs.stub.requests.at(at)?.body.messages.map(({ content }) => content) ?? [];

test('a changed question takes the place of the old one and of all that followed, which stay on record', async () => {
  const chat = await runs.openChat();
  await ask(chat, 'one');
  const second = await ask(chat, 'two');
  await ask(chat, 'three');
  const ids = { messageId: newId('message'), runId: newId('run'), answerMessageId: newId('message') };
  const { chatSessionId, context } = chat;
  const edit = { chatSessionId, ...ids, text: 'another two', replacesMessageId: second.messageId };
  await call(api.send, edit, { context });
  await ends(chat, ids.runId);
  const texts = await shown(chat);
  expect(texts).toHaveLength(4);
  expect([texts[0], texts[2]]).toEqual(['one', 'another two']);
  expect(await chat.messages()).toHaveLength(8);
  const prompt = sent(-1).join('\n');
  expect(prompt).toContain('one');
  expect(prompt).not.toMatch(/^two$|three/m);
  // The same request again changes nothing; a second change of what is gone is refused.
  await call(api.send, edit, { context });
  expect(await chat.messages()).toHaveLength(8);
  const late = {
    ...edit,
    messageId: newId('message'),
    runId: newId('run'),
    answerMessageId: newId('message'),
  };
  await expect(call(api.send, late, { context })).rejects.toThrow('changed already');
});

test('a question that is changed while its answer is written stops that answer, which never shows up', async () => {
  const chat = await runs.openChat();
  runs.stub.script({ kind: 'stall', withComments: false });
  const first = await chat.say('first try');
  await vi.waitFor(async () => expect((await chat.run(first.runId)).status).toBe('processing'), settles);
  const ids = { messageId: newId('message'), runId: newId('run'), answerMessageId: newId('message') };
  const { chatSessionId, context } = chat;
  const edit = { chatSessionId, ...ids, text: 'second try', replacesMessageId: first.messageId };
  await call(api.send, edit, { context });
  await ends(chat, ids.runId);
  expect((await chat.run(first.runId)).status).toMatch(/cancelled|failed/);
  const texts = await shown(chat);
  expect(texts).toHaveLength(2);
  expect(texts[0]).toBe('second try');
  await expect(call(api.retry, { runId: first.runId }, chat)).rejects.toThrow('written anew');
});

test('another answer takes the place of the last one', async () => {
  const chat = await runs.openChat();
  const { answerMessageId } = await ask(chat, 'why');
  const input = { answerMessageId, runId: newId('run'), newAnswerMessageId: newId('message') };
  runs.stub.script({ kind: 'ok', text: 'Quite another answer.' });
  await call(api.regenerate, input, chat);
  await call(api.regenerate, input, chat);
  await ends(chat, input.runId);
  expect(await shown(chat)).toEqual(['why', 'Quite another answer.']);
  const again = { answerMessageId, runId: newId('run'), newAnswerMessageId: newId('message') };
  await expect(call(api.regenerate, again, chat)).rejects.toThrow('has gone on');
  await ask(chat, 'next');
  const old = { ...again, answerMessageId: input.newAnswerMessageId };
  await expect(call(api.regenerate, old, chat)).rejects.toThrow('has gone on');
});

test('an answer that was cut goes on where it stopped, in its place, and its usage is counted for each run', async () => {
  const chat = await runs.openChat();
  runs.stub.script(
    {
      kind: 'ok',
      text: 'The first half ',
      finishReason: 'length',
      usage: { promptTokens: 10, completionTokens: 4 },
    },
    { kind: 'ok', text: 'and the second.', usage: { promptTokens: 20, completionTokens: 3 } },
  );
  const { answerMessageId, runId: first } = await ask(chat, 'tell me all');
  expect((await chat.messages())[1]).toMatchObject({ outcome: 'cut', text: 'The first half ' });
  const runId = newId('run');
  await call(api.continue, { answerMessageId, runId }, chat);
  await ends(chat, runId);
  const [, answer] = await chat.messages();
  expect(answer).toMatchObject({ outcome: 'complete', text: 'The first half and the second.' });
  expect(answer?.meta).toMatchObject({ promptTokens: 30, completionTokens: 7 });
  expect(sent(-1).slice(-3, -1)).toEqual(['tell me all', 'The first half ']);
  expect([await chat.run(first), await chat.run(runId)]).toMatchObject([
    { completionTokens: 4 },
    { completionTokens: 3, continues: true },
  ]);
  await expect(call(api.continue, { answerMessageId, runId: newId('run') }, chat)).rejects.toThrow('its end');
});

test('going on that fails keeps what was there', async () => {
  const chat = await runs.openChat();
  runs.stub.script({ kind: 'ok', text: 'A half ', finishReason: 'length' }, { kind: 'wrong_key' });
  const { answerMessageId } = await ask(chat, 'tell me');
  const runId = newId('run');
  await call(api.continue, { answerMessageId, runId }, chat);
  await ends(chat, runId, 'failed');
  expect((await chat.messages())[1]).toMatchObject({ outcome: 'cut', text: 'A half ' });
});

test('what is asked in a paused chat is answered when it goes on, and not before', async () => {
  const chat = await runs.openChat();
  await ask(chat, 'one');
  const pause = (paused: boolean, who: { context: Chat['context'] } = chat) =>
    call(api.pause, { chatSessionId: chat.chatSessionId, paused }, who);
  await pause(true);
  const { runId } = await chat.say('two');
  const other = await runs.openChat();
  await ask(other, 'the worker has been here');
  expect((await chat.run(runId)).status).toBe('pending');
  await pause(false);
  await ends(chat, runId);
  expect((await chat.session()).status).toBe('active');
});

test('a pause of the teacher is not lifted by the pupil; strangers can neither pause nor end', async () => {
  const chat = await runs.openChat();
  const { chatSessionId, teacher } = chat;
  const stranger = (await runs.openChat()).teacher;
  await call(api.pause, { chatSessionId, paused: true }, { context: teacher });
  await expect(call(api.pause, { chatSessionId, paused: false }, chat)).rejects.toThrow('Your teacher');
  await expect(call(api.pause, { chatSessionId, paused: false }, { context: stranger })).rejects.toThrow(
    'does not exist',
  );
  await expect(call(api.complete, { chatSessionId }, { context: stranger })).rejects.toThrow(
    'does not exist',
  );
  await call(api.pause, { chatSessionId, paused: false }, { context: teacher });
  expect((await chat.session()).status).toBe('active');
  await call(api.complete, { chatSessionId }, { context: teacher });
  expect((await chat.session()).status).toBe('completed');
  await expect(chat.say('more')).rejects.toThrow('finished');
});

test('a chat ends with the answer to its last message, and stays open while that answer is not whole', async () => {
  const chat = await runs.openChat(undefined, 2);
  await ask(chat, 'one');
  expect((await chat.session()).status).toBe('active');
  runs.stub.script({ kind: 'cut', afterChunks: 2 });
  const { runId, answerMessageId } = await chat.say('two');
  await ends(chat, runId, 'failed');
  expect((await chat.session()).status).toBe('active');
  await expect(chat.say('three')).rejects.toThrow('All 2 messages');
  const going = newId('run');
  await call(api.continue, { answerMessageId, runId: going }, chat);
  await ends(chat, going);
  expect((await chat.session()).status).toBe('completed');
});

test('after a day without a message a chat ends, unless it is paused or something is to be answered', async () => {
  const [left, paused, busy, fresh] = [
    await runs.openChat(),
    await runs.openChat(),
    await runs.openChat('stub-hang'),
    await runs.openChat(),
  ];
  for (const chat of [left, fresh]) await ask(chat, 'hello');
  await call(api.pause, { chatSessionId: paused.chatSessionId, paused: true }, paused);
  const { runId } = await busy.say('hello');
  await ends(busy, runId, 'processing');
  const { systemDb, db } = runs.built.app;
  for (const { chatSessionId } of [left, paused, busy]) {
    await runSql(
      systemDb,
      `update chat_sessions set last_message_at = now() - interval '25 hours' where chat_session_id = $1`,
      [storedId(chatSessionId)],
    );
  }
  await endIdleSessions(systemDb, db);
  const states = await Promise.all(
    [left, paused, busy, fresh].map(async (chat) => (await chat.session()).status),
  );
  expect(states).toEqual(['completed', 'paused', 'active', 'active']);
  await call(api.stop, { runId }, busy);
  await ends(busy, runId, 'cancelled');
});

test('a stop whose call reached nobody is obeyed with the next beat', async () => {
  const chat = await runs.openChat('stub-hang');
  const { runId } = await chat.say('hello');
  await ends(chat, runId, 'processing');
  const { systemDb } = runs.built.app;
  // Only the row, as when the listening connection was down.
  await systemDb.runLeases.where(stored({ runId })).update({ cancelRequestedAt: Date.now() });
  await ends(chat, runId, 'cancelled');
});
