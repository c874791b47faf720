import { ORPCError } from '@orpc/client';
import { z } from 'zod';

const LimitZod = z.object({ details: z.object({ retryAfter: z.number() }) });

/**
 * For many calls in a row: one that comes too early is made again when the server says, in seconds, that it may.
 * @param signal ends the waiting: the call is not made again, and the signal's reason is thrown
 */
export async function whenAllowed<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const over = error instanceof ORPCError && error.code === 'RATE_LIMIT_EXCEEDED';
      const said = over ? LimitZod.safeParse(error.data).data : undefined;
      if (!said) throw error;
      await pause(said.details.retryAfter * 1_000, signal);
    }
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
