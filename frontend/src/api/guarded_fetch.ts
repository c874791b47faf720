/** The address answered, but not with anything of ours: a hotel's sign-in page, a proxy without a server behind. */
export class ForeignAnswerError extends Error {
  override name = 'ForeignAnswerError';
}

/** A stream said nothing for so long, heartbeats included, that its connection must be dead. */
export class SilentStreamError extends Error {
  override name = 'SilentStreamError';
}

export type GuardOptions = {
  fetch: typeof globalThis.fetch;
  /** ms for a whole answer that is no stream */
  answerMs: number;
  /** ms without a single byte after which a stream counts as dead; the server's heartbeat is every 15 s */
  silenceMs: number;
};

/**
 * `fetch` that never waits for ever and lets nothing through that our server did not write.
 * @throws ForeignAnswerError for an answer that is neither JSON nor an event stream.
 */
export function guardedFetch({ fetch, answerMs, silenceMs }: GuardOptions) {
  return async (request: Request, init: RequestInit = {}): Promise<Response> => {
    const late = new AbortController();
    const abortLate = () => late.abort(new DOMException(`no answer within ${answerMs} ms`, 'TimeoutError'));
    const timer = setTimeout(abortLate, answerMs);
    let response: Response;
    try {
      response = await fetch(request, { ...init, signal: AbortSignal.any([request.signal, late.signal]) });
    } catch (error) {
      clearTimeout(timer);
      throw error;
    }
    const kind = response.headers.get('content-type') ?? '';
    if (!kind.includes('application/json') && !kind.includes('text/event-stream')) {
      clearTimeout(timer);
      await response.body?.cancel();
      throw new ForeignAnswerError(`answer ${response.status} of the kind “${kind}”`);
    }
    const streaming = kind.includes('text/event-stream');
    if (!response.body) {
      clearTimeout(timer);
      return response;
    }
    if (streaming) clearTimeout(timer);
    return new Response(
      response.body.pipeThrough(
        streaming ? endSilence(silenceMs, request.signal) : endTimer(() => clearTimeout(timer)),
      ),
      { status: response.status, statusText: response.statusText, headers: response.headers },
    );
  };
}

/** Calls back when the last byte has passed, so that a slow body stays under the timer of its request. */
function endTimer(done: () => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({ flush: done });
}

function endSilence(silenceMs: number, signal: AbortSignal): TransformStream<Uint8Array, Uint8Array> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restart = (controller: TransformStreamDefaultController<Uint8Array>) => {
    clearTimeout(timer);
    timer = setTimeout(
      () => controller.error(new SilentStreamError(`silent for ${silenceMs} ms`)),
      silenceMs,
    );
  };
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  return new TransformStream({
    start: restart,
    transform(bytes, controller) {
      restart(controller);
      controller.enqueue(bytes);
    },
    flush: () => clearTimeout(timer),
  });
}
