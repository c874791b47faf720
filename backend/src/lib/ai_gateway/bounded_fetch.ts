const NEWLINE = 10;

/** A body that is larger than any honest answer: refused before it fills the memory. */
export class OversizedBodyError extends Error {}

/**
 * `fetch` whose body fails beyond `maxBytes` in all, or `maxLineBytes` without a line end (the client would
 * otherwise keep copying an endless line into a growing buffer). Redirects are not followed: a conversation
 * goes to the address the school chose and to no other.
 */
export function createBoundedFetch(options: {
  maxBytes: number;
  maxLineBytes: number;
}): (url: string | URL | Request, init?: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    const { body, ok, status, statusText, headers } = response;
    if (!body) return response;
    const count = createCount(options);
    if (ok && /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')) {
      // The client reads a stream of events as an iterable. Through another web stream each piece of every answer
      // would cost a dozen more promises.
      Object.defineProperty(response, 'body', { value: readCounted(body, count) });
      return response;
    }
    const bound = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, out) {
        count(bytes);
        out.enqueue(bytes);
      },
    });
    return new Response(body.pipeThrough(bound), { status, statusText, headers });
  };
}

type Count = (bytes: Uint8Array) => void;

/** @throws OversizedBodyError from the piece on that goes beyond */
function createCount({ maxBytes, maxLineBytes }: { maxBytes: number; maxLineBytes: number }): Count {
  let total = 0;
  let line = 0;
  return (bytes) => {
    total += bytes.length;
    const lastEnd = bytes.lastIndexOf(NEWLINE);
    line = lastEnd === -1 ? line + bytes.length : bytes.length - lastEnd - 1;
    if (total > maxBytes || line > maxLineBytes) throw new OversizedBodyError('the body is too large');
  };
}

function readCounted(body: ReadableStream<Uint8Array>, count: Count): AsyncIterableIterator<Uint8Array> {
  const reader = body.getReader();
  const end = async (): Promise<IteratorResult<Uint8Array>> => {
    await reader.cancel().catch(() => {});
    return { done: true, value: undefined };
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const piece = await reader.read();
      if (piece.done) return { done: true, value: undefined };
      try {
        count(piece.value);
      } catch (error) {
        // Whoever reads does not ask an iterator that has failed to end.
        await end();
        throw error;
      }
      return piece;
    },
    return: end,
  };
}
