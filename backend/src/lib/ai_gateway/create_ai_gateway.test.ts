import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type GatewayStub, startGatewayStub } from '../../test/gateway_stub/start_gateway_stub';
import { AiError } from './ai_error';
import type { AiEvent, AiGateway, AiNotice, AiRequest } from './ai_gateway';
import { type AiGatewayOptions, createAiGateway } from './create_ai_gateway';

let stub: GatewayStub;
beforeEach(async () => {
  stub = await startGatewayStub();
});
afterEach(() => stub.close());

function createGateway(options: Partial<AiGatewayOptions> = {}): AiGateway {
  return createAiGateway({
    baseUrl: stub.url,
    apiKey: 'a-key',
    defaultModel: 'default-model',
    requestTimeoutMs: 5000,
    idleTimeoutMs: 1000,
    maxRetries: 2,
    backoffMs: 5,
    ...options,
  });
}

function ask(request: Partial<AiRequest> = {}): AiRequest {
  return {
    messages: [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Why are leaves green?' },
    ],
    signal: new AbortController().signal,
    ...request,
  };
}

/** The text and the end of a stream, whichever end it has. */
async function drain(events: AsyncIterable<AiEvent>) {
  let text = '';
  let done: Extract<AiEvent, { kind: 'done' }> | null = null;
  try {
    for await (const event of events) {
      if (event.kind === 'text') text += event.text;
      else done = event;
    }
    return { text, done, error: null };
  } catch (error) {
    if (!(error instanceof AiError)) throw error;
    return { text, done, error };
  }
}

const SAMPLE_START = 'Good question. Think ';

describe('a good answer', () => {
  test('arrives word by word and ends with reason, model and usage', async () => {
    stub.script({ kind: 'ok', text: 'Light has colours.', usage: { promptTokens: 9, completionTokens: 3 } });
    const events: AiEvent[] = [];
    for await (const event of createGateway().stream(ask({ model: 'one-model' }))) events.push(event);
    expect(events).toEqual([
      { kind: 'text', text: 'Light ' },
      { kind: 'text', text: 'has ' },
      { kind: 'text', text: 'colours.' },
      {
        kind: 'done',
        finishReason: 'stop',
        model: 'one-model',
        usage: { promptTokens: 9, completionTokens: 3 },
      },
    ]);
    expect(stub.requests).toHaveLength(1);
    expect(await stub.requests[0]?.ended).toBe('finished');
  });

  test('is asked for with the key, the default model and the limits', async () => {
    await drain(createGateway().stream(ask({ maxTokens: 77, temperature: 0.2 })));
    const [request] = stub.requests;
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.headers.authorization).toBe('Bearer a-key');
    expect(request?.body).toMatchObject({
      model: 'default-model',
      max_tokens: 77,
      temperature: 0.2,
      stream: true,
      stream_options: { include_usage: true },
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Why are leaves green?' },
      ],
    });
  });

  test('needs no key: then no authorization header is sent', async () => {
    await drain(createGateway({ apiKey: undefined }).stream(ask()));
    expect(stub.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('keeps characters whole when their bytes come one by one', async () => {
    const text = 'Größe, 水, 🌱 and √2.';
    stub.script({ kind: 'split', text, bytes: 1 });
    const { text: got, done } = await drain(createGateway({ idleTimeoutMs: 2000 }).stream(ask()));
    expect(got).toBe(text);
    expect(done).toMatchObject({ finishReason: 'stop', usage: null });
  });

  test('may be preceded by comments and thinking for longer than the idle limit', async () => {
    stub.script({
      kind: 'ok',
      text: 'Here.',
      comments: 30,
      reasoning: 'so many thoughts to think',
      pace: 20,
    });
    const { text, error } = await drain(createGateway({ idleTimeoutMs: 400 }).stream(ask()));
    expect(error).toBeNull();
    expect(text).toBe('Here.');
  });

  test('ends although the gateway keeps the connection open', async () => {
    stub.script({ kind: 'ok', text: 'Here.', stayOpen: true });
    const { text, done } = await drain(createGateway().stream(ask()));
    expect(text).toBe('Here.');
    expect(done?.finishReason).toBe('stop');
    expect(await stub.requests[0]?.ended).toBe('aborted');
  });

  test('reports a content filter as the finish reason, also without text', async () => {
    stub.script({ kind: 'ok', text: '', finishReason: 'content_filter', usage: null });
    const { done } = await drain(createGateway().stream(ask()));
    expect(done).toMatchObject({ finishReason: 'content_filter' });
  });

  test('complete gives the whole of it', async () => {
    stub.script({ kind: 'ok', text: 'Light has colours.', usage: null });
    expect(await createGateway().complete(ask())).toEqual({
      text: 'Light has colours.',
      finishReason: 'stop',
      model: 'default-model',
      usage: null,
    });
  });
});

describe('a fault is typed, and repeated only where that may help', () => {
  type Row = [
    name: string,
    answer: Parameters<GatewayStub['script']>[0],
    expected: { code: string; retryable: boolean; requests: number; status: number | null },
  ];
  const rows: Row[] = [
    ['500', { kind: 'server_error' }, { code: 'general', retryable: true, requests: 3, status: 500 }],
    [
      '502 in HTML',
      { kind: 'server_error', status: 502, html: true },
      { code: 'general', retryable: true, requests: 3, status: 502 },
    ],
    [
      '504',
      { kind: 'server_error', status: 504 },
      { code: 'timeout', retryable: true, requests: 3, status: 504 },
    ],
    ['429', { kind: 'rate_limit' }, { code: 'rate_limit', retryable: true, requests: 3, status: 429 }],
    [
      '429 in HTML',
      { kind: 'rate_limit', html: true },
      { code: 'rate_limit', retryable: true, requests: 3, status: 429 },
    ],
    [
      '429 for an empty account',
      { kind: 'rate_limit', code: 'insufficient_quota' },
      { code: 'authentication', retryable: false, requests: 1, status: 429 },
    ],
    [
      '402',
      { kind: 'server_error', status: 402 },
      { code: 'authentication', retryable: false, requests: 1, status: 402 },
    ],
    [
      'a wrong key',
      { kind: 'wrong_key' },
      { code: 'authentication', retryable: false, requests: 1, status: 401 },
    ],
    [
      'an unknown model',
      { kind: 'unknown_model' },
      { code: 'model_not_available', retryable: false, requests: 1, status: 404 },
    ],
    [
      'a context that is too long',
      { kind: 'context_too_long' },
      { code: 'context_too_long', retryable: false, requests: 1, status: 400 },
    ],
    [
      'a plain 400',
      { kind: 'server_error', status: 400 },
      { code: 'general', retryable: false, requests: 1, status: 400 },
    ],
    [
      'HTML with status 200',
      { kind: 'html' },
      { code: 'invalid_response', retryable: true, requests: 3, status: null },
    ],
    [
      'an empty answer',
      { kind: 'empty' },
      { code: 'invalid_response', retryable: true, requests: 3, status: null },
    ],
    [
      'a malformed first chunk',
      { kind: 'malformed', afterChunks: 0 },
      { code: 'invalid_response', retryable: true, requests: 3, status: null },
    ],
    [
      'a first chunk of the wrong shape',
      { kind: 'malformed', afterChunks: 0, wrongShape: true },
      { code: 'invalid_response', retryable: true, requests: 3, status: null },
    ],
    [
      'an error chunk first',
      { kind: 'error_chunk', afterChunks: 0 },
      { code: 'invalid_response', retryable: true, requests: 3, status: null },
    ],
    [
      'an error chunk that says 429',
      { kind: 'error_chunk', afterChunks: 0, code: 429 },
      { code: 'rate_limit', retryable: true, requests: 3, status: null },
    ],
    [
      'a cut before any text',
      { kind: 'cut', afterChunks: 0 },
      { code: 'general', retryable: true, requests: 3, status: null },
    ],
    [
      'a line without end',
      { kind: 'flood', oneLine: true },
      { code: 'invalid_response', retryable: true, requests: 3, status: null },
    ],
  ];
  test.each(rows)('%s', async (_name, answer, expected) => {
    stub.script(answer, answer, answer);
    const { text, done, error } = await drain(createGateway().stream(ask()));
    expect(error).toMatchObject({
      code: expected.code,
      retryable: expected.retryable,
      partial: false,
      status: expected.status,
    });
    expect(text).toBe('');
    expect(done).toBeNull();
    expect(stub.requests).toHaveLength(expected.requests);
  });

  test('a gateway that is not there', async () => {
    await stub.close();
    const { error } = await drain(createGateway({ maxRetries: 1 }).stream(ask()));
    expect(error).toMatchObject({ code: 'general', retryable: true, partial: false });
    expect(error?.detail).toContain('ECONNREFUSED');
  });

  test('a redirect is not followed: the conversation goes to the chosen address only', async () => {
    const elsewhere = await startGatewayStub();
    stub.script({ kind: 'redirect', to: `${elsewhere.url}/chat/completions` });
    const { error } = await drain(createGateway().stream(ask()));
    expect(error).toMatchObject({ code: 'general', retryable: false, status: 307 });
    expect(elsewhere.requests).toHaveLength(0);
    await elsewhere.close();
  });
});

describe('a fault in the middle keeps what came and is not repeated', () => {
  type Row = [name: string, answer: Parameters<GatewayStub['script']>[0], code: string];
  const rows: Row[] = [
    ['a stall', { kind: 'stall' }, 'stalled'],
    ['a stall under comments that go on', { kind: 'stall', withComments: true }, 'stalled'],
    ['a cut', { kind: 'cut' }, 'general'],
    ['a malformed chunk', { kind: 'malformed' }, 'invalid_response'],
    ['a chunk of the wrong shape', { kind: 'malformed', wrongShape: true }, 'invalid_response'],
    ['an error chunk', { kind: 'error_chunk' }, 'invalid_response'],
    ['an end without finish reason', { kind: 'no_finish' }, 'invalid_response'],
  ];
  test.each(rows)('%s', async (_name, answer, code) => {
    stub.script(answer);
    const { text, done, error } = await drain(createGateway({ idleTimeoutMs: 400 }).stream(ask()));
    expect(error).toMatchObject({ code, retryable: true, partial: true });
    expect(text).toBe(SAMPLE_START);
    expect(done).toBeNull();
    expect(stub.requests).toHaveLength(1);
    // Whatever the fault, nothing of ours holds the connection afterwards.
    expect(await stub.requests[0]?.ended).not.toBeUndefined();
  });

  test('complete asks again, since nothing of it was shown', async () => {
    stub.script({ kind: 'stall' }, { kind: 'cut' }, { kind: 'ok', text: 'All of it.' });
    expect((await createGateway().complete(ask())).text).toBe('All of it.');
    expect(stub.requests).toHaveLength(3);
  });

  test('complete that fails to the end is not partial', async () => {
    await expect(createGateway({ maxRetries: 0 }).complete(ask({ model: 'stub-cut' }))).rejects.toMatchObject(
      {
        code: 'general',
        partial: false,
      },
    );
  });
});

describe('time', () => {
  test.each([false, true])('a gateway that hangs (headers sent: %s) is a timeout', async (afterHeaders) => {
    stub.script({ kind: 'hang', afterHeaders });
    const notices: AiNotice[] = [];
    const began = performance.now();
    const gateway = createGateway({ requestTimeoutMs: 300, idleTimeoutMs: 50 });
    const { error } = await drain(gateway.stream(ask({ onNotice: (notice) => notices.push(notice) })));
    expect(error).toMatchObject({ code: 'timeout', retryable: true, partial: false });
    expect(performance.now() - began).toBeGreaterThanOrEqual(290);
    // Long before that, whoever waits is told once that it is slow.
    expect(notices.map(({ kind }) => kind)).toEqual(['slow']);
    expect(await stub.requests[0]?.ended).toBe('aborted');
    expect(stub.requests).toHaveLength(1);
  });

  test('a stall is found within the idle limit', async () => {
    const began = performance.now();
    const { error } = await drain(createGateway({ idleTimeoutMs: 200 }).stream(ask({ model: 'stub-stall' })));
    expect(error?.code).toBe('stalled');
    expect(performance.now() - began).toBeGreaterThanOrEqual(190);
    expect(await stub.requests[0]?.ended).toBe('aborted');
  });

  test('a lively stream ends at the limit for the whole answer', async () => {
    stub.script({ kind: 'ok', text: 'word '.repeat(1000), pace: 10 });
    const { text, error } = await drain(createGateway({ wholeTimeoutMs: 500 }).stream(ask()));
    expect(error).toMatchObject({ code: 'timeout', partial: true });
    expect(text).toContain('word');
    expect(await stub.requests[0]?.ended).toBe('aborted');
  });

  test('a slow reader is not taken for a stalled gateway', async () => {
    stub.script({ kind: 'ok', text: 'one two three' });
    let text = '';
    for await (const event of createGateway({ idleTimeoutMs: 300 }).stream(ask())) {
      if (text === '') await new Promise((resolve) => setTimeout(resolve, 400));
      if (event.kind === 'text') text += event.text;
    }
    expect(text).toBe('one two three');
  });
});

describe('repetition', () => {
  test('waits as long as Retry-After says, and then succeeds', async () => {
    stub.script({ kind: 'rate_limit', retryAfter: '1' }, { kind: 'ok', text: 'Now.' });
    const notices: AiNotice[] = [];
    const { text, error } = await drain(
      createGateway().stream(ask({ onNotice: (notice) => notices.push(notice) })),
    );
    expect(error).toBeNull();
    expect(text).toBe('Now.');
    const [first, second] = stub.requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
    expect(notices).toContainEqual(
      expect.objectContaining({ kind: 'retry', code: 'rate_limit', attempt: 2, delayMs: 1000 }),
    );
  });

  test('does not wait longer than 30 s: the error says for how long to wait', async () => {
    stub.script({ kind: 'rate_limit', retryAfter: '60' });
    const { error } = await drain(createGateway({ requestTimeoutMs: 120_000 }).stream(ask()));
    expect(error).toMatchObject({ code: 'rate_limit', retryable: true, retryAfterMs: 60_000 });
    expect(error?.sentence).toContain('60 seconds');
    expect(stub.requests).toHaveLength(1);
  });

  test('does not begin when the wait would pass the request timeout', async () => {
    stub.script({ kind: 'rate_limit', retryAfter: '20' });
    const { error } = await drain(createGateway({ requestTimeoutMs: 1000 }).stream(ask()));
    expect(error).toMatchObject({ code: 'rate_limit', retryAfterMs: 20_000 });
    expect(stub.requests).toHaveLength(1);
  });

  test('does not happen with AI_MAX_RETRIES at 0', async () => {
    await drain(createGateway({ maxRetries: 0 }).stream(ask({ model: 'stub-500' })));
    expect(stub.requests).toHaveLength(1);
  });
});

describe('stop', () => {
  test('in the middle closes the socket and says cancelled, with what came', async () => {
    stub.script({ kind: 'ok', text: 'word '.repeat(1000), pace: 5 });
    const stop = new AbortController();
    let text = '';
    const error = await (async () => {
      for await (const event of createGateway().stream(ask({ signal: stop.signal }))) {
        if (event.kind === 'text') text += event.text;
        if (text.length >= 25) stop.abort();
      }
    })().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AiError);
    expect(error).toMatchObject({ code: 'cancelled', retryable: false, partial: true });
    expect(text.length).toBeGreaterThanOrEqual(25);
    expect(await stub.requests[0]?.ended).toBe('aborted');
    expect(stub.requests[0]?.aborted).toBe(true);
    expect(stub.requests).toHaveLength(1);
  });

  test('while the gateway hangs closes the socket', async () => {
    const stop = new AbortController();
    const drained = drain(createGateway().stream(ask({ model: 'stub-hang', signal: stop.signal })));
    const request = await stub.arrived(1);
    stop.abort();
    expect((await drained).error).toMatchObject({ code: 'cancelled', partial: false });
    expect(await request.ended).toBe('aborted');
  });

  test('while waiting to repeat ends the wait', async () => {
    stub.script({ kind: 'rate_limit', retryAfter: '4' });
    const stop = new AbortController();
    const began = performance.now();
    const onNotice = (notice: AiNotice) => notice.kind === 'retry' && stop.abort();
    const { error } = await drain(createGateway().stream(ask({ signal: stop.signal, onNotice })));
    expect(error).toMatchObject({ code: 'cancelled', partial: false });
    expect(performance.now() - began).toBeLessThan(3500);
    expect(stub.requests).toHaveLength(1);
  });

  test('before the beginning sends nothing', async () => {
    const { error } = await drain(createGateway().stream(ask({ signal: AbortSignal.abort() })));
    expect(error?.code).toBe('cancelled');
    expect(stub.requests).toHaveLength(0);
  });

  test('by leaving the loop closes the socket as well', async () => {
    stub.script({ kind: 'ok', text: 'word '.repeat(1000), pace: 5 });
    for await (const event of createGateway().stream(ask())) {
      if (event.kind === 'text') break;
    }
    expect(await stub.requests[0]?.ended).toBe('aborted');
  });
});

test('a flood is cut at the limit, marked as length, and the gateway is let go', async () => {
  const { text, done, error } = await drain(
    createGateway({ maxCharacters: 10_007 }).stream(ask({ model: 'stub-flood' })),
  );
  expect(error).toBeNull();
  expect(text.length).toBeGreaterThan(10_000);
  expect(text.length).toBeLessThanOrEqual(10_007);
  // No half of a torn wave at the end.
  expect(text).not.toMatch(/[\ud800-\udbff]$/);
  expect(done).toMatchObject({ kind: 'done', finishReason: 'length' });
  expect(await stub.requests[0]?.ended).toBe('aborted');
});

test('nothing a model or a gateway wrote is logged or carried by an error', async () => {
  const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name));
  const warn = vi.fn();
  const gateway = createGateway({ logger: { warn } });
  const errors: unknown[] = [];
  for (const model of ['stub-malformed', 'stub-error-chunk', 'stub-context', 'stub-500', 'stub-cut']) {
    errors.push((await drain(gateway.stream(ask({ model })))).error);
  }
  for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  expect(warn).toHaveBeenCalled();
  const said = JSON.stringify([warn.mock.calls, errors, errors.map(String)]);
  for (const secret of ['Good question', 'went away', 'Something broke', '8192', 'leaves green']) {
    expect(said).not.toContain(secret);
  }
  vi.restoreAllMocks();
});

test('every fault has a sentence for the pupil, of whole words and without internals', async () => {
  const models = ['429', '500', 'html', '401', '404', 'context', 'stall', 'cut', 'no-finish', 'error-chunk'];
  const gateway = createGateway({ maxRetries: 0 });
  for (const name of models) {
    const { error } = await drain(gateway.stream(ask({ model: `stub-${name}` })));
    expect(error?.sentence).toMatch(/^[A-Z].{30,}\.$/);
    expect(error?.sentence).not.toMatch(/HTTP|JSON|socket|gateway|chunk|status|\d{3}/i);
  }
});
