import { ORPCError } from '@orpc/client';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { describe, expect, it } from 'vitest';
import { classifyFailure } from './classify_failure';
import { createApi } from './client';
import { ForeignAnswerError, SilentStreamError } from './guarded_fetch';

const encoder = new TextEncoder();
const position = { syncClientId: newId('device'), cursor: 'x', scopes: [], streamId: 'stream-1' };

/** A server that answers every request with this. */
function serve(answer: (request: Request) => Response | Promise<Response>, limits = {}) {
  return createApi({
    origin: 'http://school.example',
    fetch: async (input, init) => answer(new Request(input, init)),
    ...limits,
  });
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

function eventStream(parts: string[], close = true): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(encoder.encode(part));
      if (close) controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('api', () => {
  it('posts the input to the procedure’s path and says which columns it knows', async () => {
    let seen: Request | undefined;
    const api = serve((request) => {
      seen = request;
      return json({ json: { __type: 'SyncPush', lastMid: 3 } });
    });
    const mutations = [{ mid: 3, name: 'classes.create', args: { name: 'maths' } }];
    const answer = await api.sync.push({ syncClientId: position.syncClientId, mutations });
    expect(answer.lastMid).toBe(3);
    expect(seen?.url).toBe('http://school.example/rpc/sync/push');
    expect(seen?.headers.get('x-rapt-sync')).toMatch(/^\d+\.[0-9a-f]{8}$/);
    expect(await seen?.json()).toEqual({ json: { syncClientId: position.syncClientId, mutations } });
  });

  it('reads frames the server writes by hand, comments between them and cuts within them', async () => {
    const api = serve(() =>
      eventStream([
        ': open\n\nevent: message\ndata: {"json":{"kind":"cur',
        'sor","cursor":"a"}}\n\n',
        ': here\n\n',
        'event: message\ndata: {"json":{"kind":"pull"}}\n\n',
      ]),
    );
    const frames: unknown[] = [];
    for await (const frame of await api.sync.stream(position)) frames.push(frame);
    expect(frames).toEqual([{ kind: 'cursor', cursor: 'a' }, { kind: 'pull' }]);
  });

  it('C3 ends a stream that stays silent, and none that sends heartbeats', async () => {
    const silent = serve(() => eventStream([': open\n\n'], false), { silenceMs: 20 });
    const iterate = async (api: typeof silent) => {
      for await (const frame of await api.sync.stream(position)) return frame;
    };
    expect(await failureOf(iterate(silent))).toBeInstanceOf(SilentStreamError);
    let beats = 0;
    const beating = serve(
      () => {
        const body = new ReadableStream<Uint8Array>({
          async pull(controller) {
            await new Promise((resolve) => setTimeout(resolve, 15));
            beats += 1;
            const frame = 'event: message\ndata: {"json":{"kind":"pull"}}\n\n';
            controller.enqueue(encoder.encode(beats < 8 ? ': here\n\n' : frame));
          },
        });
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
      },
      { silenceMs: 60 },
    );
    expect(await iterate(beating)).toEqual({ kind: 'pull' });
  });

  it('C2 takes what is not ours for being offline: a hotel’s page, a proxy without a server, no answer', async () => {
    const page = serve(
      () => new Response('<html>', { status: 401, headers: { 'content-type': 'text/html' } }),
    );
    const error = await failureOf(page.me());
    expect(error).toBeInstanceOf(ForeignAnswerError);
    expect(classifyFailure(error)).toBe('network');
    const slow = serve((request) => waitForAbort(request.signal), { answerMs: 10 });
    expect(classifyFailure(await failureOf(slow.me()))).toBe('network');
    const away = serve(() => Promise.reject(new TypeError('fetch failed')));
    expect(classifyFailure(await failureOf(away.me()))).toBe('network');
  });

  it.each([
    ['UNAUTHORIZED', 401, 'signed_out'],
    ['FORBIDDEN', 403, 'forbidden'],
    ['PAYLOAD_TOO_LARGE', 413, 'too_large'],
    ['BAD_REQUEST', 400, 'refused'],
    ['RATE_LIMIT_EXCEEDED', 429, 'retry'],
    ['INTERNAL_SERVER_ERROR', 500, 'retry'],
    ['SERVICE_UNAVAILABLE', 503, 'retry'],
  ])('knows what %s means for whoever would call again', async (code, status, kind) => {
    const api = serve(() => json({ json: { defined: false, code, status, message: 'no' } }, status));
    const error = await failureOf(api.me());
    expect(error).toBeInstanceOf(ORPCError);
    expect(classifyFailure(error)).toBe(kind);
  });
});

function waitForAbort(signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}
