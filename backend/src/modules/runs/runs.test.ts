import { call } from '@orpc/server';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildRuns } from '../../test/build_runs';
import { performRunTask } from './runs.event';
import { finishRun } from './services/finish_run.service';

let runs: Awaited<ReturnType<typeof buildRuns>>;
beforeAll(async () => {
  runs = await buildRuns();
});
afterAll(() => runs.close());

const settles = { timeout: 15_000, interval: 30 };

test('a question is answered once, in its place, and shown to teachers', async () => {
  const chat = await runs.openChat();
  const { runId } = await chat.say('why are leaves green');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  const messages = await chat.messages();
  expect(messages.map(({ seq, role, shownToStaff }) => [seq, role, shownToStaff])).toEqual([
    [1, 'user', true],
    [2, 'assistant', true],
  ]);
  expect(messages[1]?.text).toContain('why are leaves green');
});

test('three questions that come at once are answered one after the other in their places', async () => {
  const chat = await runs.openChat();
  const before = runs.stub.requests.length;
  const asked = [await chat.say('one'), await chat.say('two'), await chat.say('three')];
  for (const { runId } of asked) {
    await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  }
  expect((await chat.messages()).map(({ seq, role }) => `${seq} ${role}`)).toEqual([
    '1 user',
    '2 assistant',
    '3 user',
    '4 assistant',
    '5 user',
    '6 assistant',
  ]);
  expect(runs.stub.requests.length - before).toBe(3);
});

test.each([
  ['stub-429', 'rate_limit', ''],
  ['stub-401', 'authentication', ''],
  ['stub-404', 'model_not_available', ''],
  ['stub-html', 'invalid_response', ''],
  ['stub-context', 'context_too_long', ''],
])(
  'a gateway that fails as %s fails the run with a sentence, and the question stays',
  async (model, code, text) => {
    const chat = await runs.openChat(model);
    const { runId } = await chat.say('hello');
    await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('failed'), settles);
    const run = await chat.run(runId);
    expect(run.errorCode).toBe(code);
    expect(run.errorMessage).toMatch(/^[A-Z].*\.$/);
    expect((await chat.messages()).map((message) => message.text)).toEqual([
      'hello',
      ...(text ? [text] : []),
    ]);
  },
);

test('a part that came before a failure is kept and marked, and trying again replaces it', async () => {
  const chat = await runs.openChat('stub-cut');
  const { runId } = await chat.say('hello');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('failed'), settles);
  const [, part] = await chat.messages();
  expect(part).toMatchObject({ seq: 2, outcome: 'interrupted' });
  expect(part?.text).not.toBe('');
  await call(userAppRouter.chat.retry, { runId }, { context: chat.context });
  await vi.waitFor(async () => expect((await chat.run(runId)).attempt).toBe(2), settles);
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('failed'), settles);
  expect(await chat.messages()).toHaveLength(2);
});

test('stop ends the call to the gateway and keeps what came', async () => {
  const chat = await runs.openChat('stub-stall');
  const { runId } = await chat.say('hello');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('processing'), settles);
  const request = runs.stub.requests.at(-1);
  await call(userAppRouter.chat.stop, { runId }, { context: chat.context });
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toMatch(/cancelled|failed/), settles);
  expect(await request?.ended).not.toBe('finished');
});

test('whoever watches late reads the whole text, and each piece once', async () => {
  const chat = await runs.openChat();
  const { runId } = await chat.say('a question with several words in it');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  const read: string[] = [];
  const { tenantId, runId: runUuid } = stored({ tenantId: runs.school.tenantId, runId });
  runs.relay.watch(read, tenantId, runUuid, (frame) => read.push(frame.text));
  const answer = (await chat.messages())[1]?.text;
  await vi.waitFor(() => expect(read.join('')).toBe(answer), settles);
});

test('the result of an attempt that was taken over changes nothing', async () => {
  const chat = await runs.openChat();
  const { runId } = await chat.say('hello');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  const before = await chat.messages();
  const { tenantId } = runs.school;
  const stale = { tenantId, runId, chatSessionId: chat.chatSessionId, attempt: 0 };
  const late = {
    status: 'completed',
    text: 'late',
    outcome: 'complete',
    meta: {},
    errorCode: null,
    errorMessage: null,
    firstTextAt: null,
  } as const;
  expect(await finishRun(runs.built.app.db, stale, late)).toBe(false);
  expect(await chat.messages()).toEqual(before);
});

test('a run whose worker died is taken up by another, whose attempt is the next; the late result is void', async () => {
  const chat = await runs.openChat('stub-hang');
  const asked = runs.stub.requests.length;
  const { runId } = await chat.say('hello');
  // What is scripted below is for the second attempt, so the first has to be at the gateway already.
  await vi.waitFor(() => expect(runs.stub.requests.length).toBeGreaterThan(asked), settles);
  const { systemDb } = runs.built.app;
  // Its lease is somebody's who is no more.
  const ids = stored({ tenantId: runs.school.tenantId, runId });
  runs.stub.script({ kind: 'ok', text: 'Here I am.' });
  await systemDb.runLeases.where(ids).update({ attempt: 7, leaseUntil: Date.now() - 1 });
  await systemDb.runs.where(ids).update({ attempt: 7 });
  await runs.built.app.enqueue(performRunTask, { tenantId: runs.school.tenantId, runId });
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  expect((await chat.run(runId)).attempt).toBe(8);
  expect((await chat.messages()).map(({ text }) => text)).toEqual(['hello', 'Here I am.']);
});

test('a run that no worker survives is not given out for ever', async () => {
  const chat = await runs.openChat('stub-hang');
  const { runId } = await chat.say('hello');
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('processing'), settles);
  const { systemDb } = runs.built.app;
  const ids = stored({ tenantId: runs.school.tenantId, runId });
  await systemDb.runLeases.where(ids).update({ attempt: 5, takeovers: 4, leaseUntil: Date.now() - 1 });
  await systemDb.runs.where(ids).update({ attempt: 5 });
  await runs.built.app.enqueue(performRunTask, { tenantId: runs.school.tenantId, runId });
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('failed'), settles);
  expect((await chat.run(runId)).errorMessage).toContain('ask in another way');
});
