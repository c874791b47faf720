import { setTimeout as sleep } from 'node:timers/promises';
import type { Servers } from './servers';

export type NetworkState = {
  calm: boolean;
  online: boolean;
  /** what happens while a browser has one page of a load and not the next */
  betweenPages: () => Promise<void>;
};

/**
 * The way between one device and the servers: requests go to whichever process, get lost, arrive twice or
 * late; answers get lost or come late, so that they overtake each other; streams lag, are cut in the middle of a
 * frame, and say things twice.
 */
export function unreliableFetch(
  servers: Servers,
  cookie: string,
  random: () => number,
  state: NetworkState,
  /** what is under way for one tab: it is cut when the tab ends, since Node 20 may lose a composed signal */
  underWay: Set<AbortController>,
): typeof fetch {
  const strikes = (chance: number) => !state.calm && random() < chance;
  return async (input, init) => {
    const request = new Request(input, init);
    const given = init?.signal ?? request.signal;
    const stop = new AbortController();
    underWay.add(stop);
    given.addEventListener('abort', () => stop.abort(given.reason));
    const { signal } = stop;
    const { pathname, search } = new URL(request.url);
    const body = request.method === 'GET' ? undefined : await request.clone().text();
    const headers = new Headers(request.headers);
    headers.set('cookie', cookie);
    const send = () =>
      fetch(`${servers.address(random())}${pathname}${search}`, {
        method: request.method,
        headers,
        body,
        signal,
      });
    const isStream = pathname.includes('stream');
    if (!state.online || strikes(0.06)) throw new TypeError('request lost');
    if (strikes(0.15)) await sleep(random() * 60);
    if (!isStream && strikes(0.08)) {
      const twin = send();
      // Both arrive at about the same moment, at two processes as a rule.
      void twin.then((answer) => answer.body?.cancel()).catch(() => {});
    }
    const answer = await send();
    if (!isStream) {
      const text = await answer.text();
      if (strikes(0.5) && text.includes('"next":"')) await state.betweenPages();
      if (strikes(0.15)) await sleep(random() * 60);
      if (!state.online || strikes(0.1)) throw new TypeError('answer lost');
      return new Response(text, { status: answer.status, headers: answer.headers });
    }
    if (!answer.body) return answer;
    let left = strikes(0.5) ? Math.floor(random() * 4_000) : Number.POSITIVE_INFINITY;
    const cut = new TransformStream<Uint8Array, Uint8Array>({
      start(controller) {
        signal.addEventListener('abort', () => controller.error(signal.reason));
      },
      async transform(chunk, controller) {
        if (strikes(0.1)) await sleep(random() * 60);
        if (!state.online) left = 0;
        if (chunk.length < left && isOneBatch(chunk) && strikes(0.1)) controller.enqueue(chunk);
        if (chunk.length > left) {
          if (left > 0) controller.enqueue(chunk.subarray(0, left));
          controller.error(new TypeError('network error'));
          return;
        }
        left -= chunk.length;
        controller.enqueue(chunk);
      },
    });
    return new Response(answer.body.pipeThrough(cut), { status: answer.status, headers: answer.headers });
  };
}

/** Whole frames, of which the last and no other completes a batch. */
function isOneBatch(chunk: Uint8Array): boolean {
  const text = new TextDecoder().decode(chunk);
  const cursors = text.split('{"kind":"cursor"').length - 1;
  // A chunk may end with the beginning of the next batch: doubled, that would be stored under this one's cursor.
  const endsWithCursor = text.indexOf('{"kind":"cursor"') > text.lastIndexOf('event: ');
  return text.startsWith('event: ') && text.endsWith('\n\n') && cursors === 1 && endsWithCursor;
}
