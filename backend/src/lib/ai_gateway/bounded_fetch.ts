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
    if (!response.body) return response;
    let total = 0;
    let line = 0;
    const bound = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, out) {
        total += bytes.length;
        const lastEnd = bytes.lastIndexOf(NEWLINE);
        line = lastEnd === -1 ? line + bytes.length : bytes.length - lastEnd - 1;
        if (total > options.maxBytes || line > options.maxLineBytes) {
          throw new OversizedBodyError('the body is too large');
        }
        out.enqueue(bytes);
      },
    });
    const { status, statusText, headers } = response;
    return new Response(response.body.pipeThrough(bound), { status, statusText, headers });
  };
}
