import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayAnswer } from './gateway_answer';
import type { GatewayRequestBody } from './start_gateway_stub';

type Hands = { pace: number; cut: () => void };
type Answer<Kind extends GatewayAnswer['kind']> = Extract<GatewayAnswer, { kind: Kind }>;

const HTML = '<!doctype html><title>Sign in</title><h1>Please sign in to the network</h1>';
const SAMPLE = 'Good question. Think of a leaf in the sun. Which colour does it send back to your eye?';

function splitWords(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

function writeChunk(model: string, delta: object, finishReason: string | null, extra: object = {}): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ id: 'stub', object: 'chat.completion.chunk', model, choices, ...extra })}\n\n`;
}

function beginStream(response: ServerResponse) {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  response.flushHeaders();
}

/** Waits where the client reads more slowly than we write, and gives up when it has gone. */
async function write(response: ServerResponse, bytes: string | Buffer): Promise<boolean> {
  if (response.destroyed) return false;
  if (!response.write(bytes)) {
    const over = new AbortController();
    const { signal } = over;
    // Whichever comes second would stay as a listener, thousands of them in a flood.
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
    over.abort();
  }
  return !response.destroyed;
}

async function writeWords(response: ServerResponse, model: string, words: string[], pace: number) {
  for (const [at, word] of words.entries()) {
    if (at > 0 && pace > 0) await sleep(pace);
    if (!(await write(response, writeChunk(model, { content: word }, null)))) return;
  }
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function sendHtml(response: ServerResponse, status: number, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers });
  response.end(HTML);
}

async function sendOk(
  response: ServerResponse,
  body: GatewayRequestBody,
  answer: Answer<'ok'>,
  pace: number,
) {
  const asked = body.messages.findLast((message) => message.role === 'user')?.content ?? '';
  const text = answer.text ?? `You wrote: ${asked}\n\n${SAMPLE}`;
  const words = splitWords(text);
  const counted = answer.usage ?? { promptTokens: 12, completionTokens: words.length };
  const finish = answer.finishReason ?? 'stop';
  const usage =
    answer.usage === null
      ? {}
      : { usage: { prompt_tokens: counted.promptTokens, completion_tokens: counted.completionTokens } };
  if (!body.stream) {
    const message = { role: 'assistant', content: text };
    sendJson(response, 200, {
      id: 'stub',
      object: 'chat.completion',
      model: body.model,
      choices: [{ index: 0, message, finish_reason: finish }],
      ...usage,
    });
    return;
  }
  beginStream(response);
  for (let sent = 0; sent < (answer.comments ?? 0); sent++) {
    await write(response, ': PROCESSING\n\n');
    await sleep(answer.pace ?? pace);
  }
  await write(response, writeChunk(body.model, { role: 'assistant', content: '' }, null));
  for (const word of splitWords(answer.reasoning ?? '')) {
    await write(response, writeChunk(body.model, { content: '', reasoning: word }, null));
    await sleep(answer.pace ?? pace);
  }
  await writeWords(response, body.model, words, answer.pace ?? pace);
  await write(response, writeChunk(body.model, {}, finish));
  if (answer.usage !== null) {
    await write(response, `data: ${JSON.stringify({ model: body.model, choices: [], ...usage })}\n\n`);
  }
  await write(response, 'data: [DONE]\n\n');
  if (!answer.stayOpen) response.end();
}

async function sendSplit(response: ServerResponse, model: string, answer: Answer<'split'>) {
  const whole = Buffer.from(
    `${writeChunk(model, { content: answer.text }, null)}${writeChunk(model, {}, 'stop')}data: [DONE]\n\n`,
  );
  beginStream(response);
  response.socket?.setNoDelay(true);
  for (let at = 0; at < whole.length; at += answer.bytes) {
    await write(response, whole.subarray(at, at + answer.bytes));
    // A turn of the event loop, so that each part is written to the socket by itself.
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

async function sendFlood(response: ServerResponse, model: string, answer: Answer<'flood'>) {
  const block = answer.oneLine
    ? Buffer.alloc(64 * 1024, 'x')
    : writeChunk(model, { content: 'flood 🌊 '.repeat(50) }, null);
  beginStream(response);
  if (answer.oneLine) await write(response, 'data: ');
  while (await write(response, block)) await new Promise((resolve) => setImmediate(resolve));
}

async function sendStall(response: ServerResponse, withComments: boolean) {
  while (withComments && !response.destroyed) {
    await write(response, ': PROCESSING\n\n');
    await sleep(10);
  }
}

/** Sends `answer` to one request, faults included. */
export async function sendAnswer(
  response: ServerResponse,
  body: GatewayRequestBody,
  answer: GatewayAnswer,
  hands: Hands,
): Promise<void> {
  const { model } = body;
  /** the head of an answer that then breaks */
  const beginWith = async (chunks: number) => {
    beginStream(response);
    await writeWords(response, model, splitWords(SAMPLE).slice(0, chunks), hands.pace);
  };
  switch (answer.kind) {
    case 'ok':
      return sendOk(response, body, answer, hands.pace);
    case 'rate_limit': {
      const headers: Record<string, string> = answer.retryAfter ? { 'retry-after': answer.retryAfter } : {};
      if (answer.html) return sendHtml(response, 429, headers);
      const error = { code: answer.code ?? 'rate_limit_exceeded', message: 'Slow down' };
      return sendJson(response, 429, { error }, headers);
    }
    case 'server_error':
      if (answer.html) return sendHtml(response, answer.status ?? 500);
      return sendJson(response, answer.status ?? 500, { error: { message: 'Something broke' } });
    case 'hang':
      if (answer.afterHeaders) beginStream(response);
      return;
    case 'stall':
      await beginWith(answer.afterChunks ?? 3);
      return sendStall(response, answer.withComments ?? false);
    case 'malformed':
      await beginWith(answer.afterChunks ?? 3);
      await write(
        response,
        answer.wrongShape ? 'data: {"choices":"none"}\n\n' : 'data: {"choices":[{"del\n\n',
      );
      response.end();
      return;
    case 'cut':
      await beginWith(answer.afterChunks ?? 3);
      // What was written must have left before the socket goes, or there would be nothing to cut.
      await new Promise<unknown>((resolve) => response.write(': \n\n', resolve));
      return hands.cut();
    case 'no_finish':
      await beginWith(3);
      response.end('data: [DONE]\n\n');
      return;
    case 'error_chunk': {
      await beginWith(answer.afterChunks ?? 3);
      const error = { code: answer.code ?? 'server_error', message: 'The provider went away' };
      response.end(`data: ${JSON.stringify({ error })}\n\n`);
      return;
    }
    case 'html':
      return sendHtml(response, 200);
    case 'empty':
      beginStream(response);
      response.end(`${writeChunk(model, { content: '' }, 'stop')}data: [DONE]\n\n`);
      return;
    case 'split':
      return sendSplit(response, model, answer);
    case 'flood':
      return sendFlood(response, model, answer);
    case 'unknown_model':
      return sendJson(response, 404, { error: { code: 'model_not_found', message: 'No such model' } });
    case 'wrong_key':
      return sendJson(response, 401, { error: { code: 'invalid_api_key', message: 'Wrong key' } });
    case 'context_too_long': {
      const message = "This model's maximum context length is 8192 tokens.";
      return sendJson(response, 400, { error: { code: 'context_length_exceeded', message } });
    }
    case 'redirect':
      response.writeHead(307, { location: answer.to });
      response.end();
      return;
  }
}
