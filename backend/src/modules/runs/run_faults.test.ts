import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stored } from '../../db/stored_id';
import { buildRuns } from '../../test/build_runs';
import type { GatewayAnswer } from '../../test/gateway_stub/gateway_answer';
import { performRunTask } from './runs.event';

let runs: Awaited<ReturnType<typeof buildRuns>>;
beforeAll(async () => {
  runs = await buildRuns({
    gateway: {
      requestTimeoutMs: 1_500,
      idleTimeoutMs: 400,
      maxRetries: 1,
      backoffMs: 5,
      maxCharacters: 5_000,
    },
  });
});
afterAll(() => runs.close());
const settles = { timeout: 20_000, interval: 30 };

/** One question in a chat of its own, answered by the stub with `script`, to its end. */
async function askWith(script: GatewayAnswer[], before: string[] = []) {
  const chat = await runs.openChat();
  const ended = (runId: Parameters<typeof chat.run>[0]) =>
    vi.waitFor(async () => expect((await chat.run(runId)).status).toMatch(/completed|failed/), settles);
  for (const text of before) await ended((await chat.say(text)).runId);
  const from = runs.stub.requests.length;
  runs.stub.script(...script);
  const { runId } = await chat.say('why');
  await ended(runId);
  const answer = (await chat.messages()).find(({ seq }) => seq === 2 * before.length + 2);
  return { run: await chat.run(runId), answer, requests: runs.stub.requests.slice(from) };
}

const ok: GatewayAnswer = { kind: 'ok', text: 'All is well.' };
const sentence = /^[A-Z].*[.]$/;

test.each<[string, GatewayAnswer]>([
  ['too many requests, with a moment to wait', { kind: 'rate_limit', retryAfter: '0.1' }],
  ['too many requests, said in HTML', { kind: 'rate_limit', html: true }],
  ['a failure of the gateway', { kind: 'server_error' }],
  ['a gateway that is starting', { kind: 'server_error', status: 503, html: true }],
  ['a login page', { kind: 'html' }],
  ['an empty answer', { kind: 'empty' }],
  ['a broken first chunk', { kind: 'malformed', afterChunks: 0 }],
  ['an error for a first chunk', { kind: 'error_chunk', afterChunks: 0 }],
])('%s is asked again, and the answer comes as if nothing had been', async (_, fault) => {
  const { run, answer, requests } = await askWith([fault, ok]);
  expect(run).toMatchObject({ status: 'completed', errorCode: null, notice: null, attempt: 1 });
  expect(answer).toMatchObject({ text: 'All is well.', outcome: 'complete' });
  expect(requests).toHaveLength(2);
  expect(run.completionTokens).toBe(3);
});

test.each<[string, GatewayAnswer, string, number]>([
  ['too many requests', { kind: 'rate_limit' }, 'rate_limit', 2],
  ['a failure of the gateway', { kind: 'server_error' }, 'general', 2],
  ['a login page', { kind: 'html' }, 'invalid_response', 2],
  ['silence', { kind: 'hang' }, 'timeout', 1],
  ['an unknown model', { kind: 'unknown_model' }, 'model_not_available', 1],
  ['a wrong key', { kind: 'wrong_key' }, 'authentication', 1],
  ['an account that is used up', { kind: 'rate_limit', code: 'insufficient_quota' }, 'authentication', 1],
  ['a question too long for the model', { kind: 'context_too_long' }, 'context_too_long', 1],
  ['a redirect', { kind: 'redirect', to: 'http://127.0.0.1:9/v1' }, 'general', 1],
])('%s to the end fails the run as what it is, with a sentence and without usage', async (...row) => {
  const [, fault, code, requestCount] = row;
  const { run, answer, requests } = await askWith(Array.from({ length: requestCount }, () => fault));
  expect(run).toMatchObject({ status: 'failed', errorCode: code, notice: null });
  expect(run.errorMessage).toMatch(sentence);
  expect(answer).toBeUndefined();
  expect(requests).toHaveLength(requestCount);
  expect([run.promptTokens, run.completionTokens]).toEqual([null, null]);
});

test.each<[string, GatewayAnswer, string]>([
  ['a stall', { kind: 'stall' }, 'stalled'],
  ['a stall behind comments', { kind: 'stall', withComments: true }, 'stalled'],
  ['a broken chunk', { kind: 'malformed' }, 'invalid_response'],
  ['a chunk of another shape', { kind: 'malformed', wrongShape: true }, 'invalid_response'],
  ['a cut connection', { kind: 'cut' }, 'general'],
  ['an end without a reason', { kind: 'no_finish' }, 'invalid_response'],
  ['an error chunk', { kind: 'error_chunk' }, 'invalid_response'],
  ['too many requests, said in the stream', { kind: 'error_chunk', code: 429 }, 'rate_limit'],
])('%s in the middle keeps what came, asks nobody again, and counts it once', async (_, fault, code) => {
  const { run, answer, requests } = await askWith([fault]);
  expect(run).toMatchObject({ status: 'failed', errorCode: code });
  expect(run.errorMessage).toMatch(sentence);
  expect(answer).toMatchObject({ text: 'Good question. Think ', outcome: 'interrupted' });
  expect(requests).toHaveLength(1);
  // Nobody sent a count, so it is ours.
  expect(run.completionTokens).toBeGreaterThan(2);
  expect(run.promptTokens).toBeGreaterThan(10);
  expect(answer?.meta.completionTokens).toBe(run.completionTokens);
});

test('characters that come byte by byte are whole in the answer', async () => {
  const text = 'Größe, 水, 🌱 and √2.';
  const { answer } = await askWith([{ kind: 'split', text, bytes: 1 }]);
  expect(answer).toMatchObject({ text, outcome: 'complete' });
});

test('a flood is cut at the limit and says so, and the gateway is let go', async () => {
  const { run, answer, requests } = await askWith([{ kind: 'flood' }]);
  expect(run.status).toBe('completed');
  expect(answer?.outcome).toBe('cut');
  expect(answer?.text.length).toBeLessThanOrEqual(5_000);
  expect(await requests[0]?.ended).toBe('aborted');
});

test('an answer that the model’s own filter ends is a failure that keeps what came', async () => {
  const filtered: GatewayAnswer = { kind: 'ok', text: 'So far ', finishReason: 'content_filter' };
  const { run, answer } = await askWith([filtered]);
  expect(run).toMatchObject({ status: 'failed', errorCode: 'content_filter' });
  expect(answer).toMatchObject({ text: 'So far ', outcome: 'interrupted' });
  const nothing = await askWith([{ ...filtered, text: '' }]);
  expect(nothing.run.errorMessage).toMatch(/filter/);
});

test('a conversation too long for the model is sent again with half of its history', async () => {
  const { run, requests } = await askWith(
    [{ kind: 'context_too_long' }, ok],
    ['one', 'two', 'three', 'four'],
  );
  expect(run.status).toBe('completed');
  expect(requests.map(({ body }) => body.messages.length)).toEqual([10, 6]);
  expect(requests[1]?.body.messages.at(-1)?.content).toBe('why');
});

test('a gateway that asks for a minute is left alone for it, and then asked again without anybody’s doing', async () => {
  const chat = await runs.openChat();
  runs.stub.script({ kind: 'rate_limit', retryAfter: '60' });
  const { runId } = await chat.say('why');
  await vi.waitFor(async () => expect((await chat.run(runId)).notice).toBe('busy'), settles);
  expect((await chat.run(runId)).status).toBe('pending');
  const { systemDb } = runs.built.app;
  const lease = await systemDb.runLeases.where(stored({ runId })).take();
  expect(lease.leaseUntil - Date.now()).toBeGreaterThan(50_000);
  // Others are served meanwhile, and a turn that comes too early does not take it.
  const { tenantId } = runs.school;
  await runs.built.app.enqueue(performRunTask, { tenantId, runId });
  const other = await askWith([ok]);
  expect(other.run.status).toBe('completed');
  expect((await chat.run(runId)).status).toBe('pending');
  // The minute is over.
  await systemDb.runLeases.where(stored({ runId })).update({ leaseUntil: Date.now() - 1 });
  await runs.built.app.enqueue(performRunTask, { tenantId, runId });
  await vi.waitFor(async () => expect((await chat.run(runId)).status).toBe('completed'), settles);
  expect((await chat.run(runId)).notice).toBeNull();
});

test('whoever waits is told that it is slow, or tried again, while nothing has come', async () => {
  const slow = await runs.openChat();
  runs.stub.script({ kind: 'hang' });
  const asked = await slow.say('why');
  await vi.waitFor(async () => expect((await slow.run(asked.runId)).notice).toBe('slow'), settles);
  const again = await runs.openChat();
  runs.stub.script({ kind: 'rate_limit', retryAfter: '1' }, ok);
  const { runId } = await again.say('why');
  await vi.waitFor(async () => expect((await again.run(runId)).notice).toBe('retrying'), settles);
  await vi.waitFor(async () => expect((await again.run(runId)).status).toBe('completed'), settles);
});
