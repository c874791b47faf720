import { setTimeout as delay } from 'node:timers/promises';

const longestWaitMs = 500;

/**
 * Repeats `attempt` until it succeeds, waiting from 20 ms to half a second, a little at random so that many
 * workers do not knock together at a database that is just coming up.
 * @param onError called with each failure; may throw to give up
 * @throws the last failure once `signal` is aborted
 */
export async function keepTrying<T>(
  attempt: () => Promise<T>,
  { signal, onError }: { signal: AbortSignal; onError: (error: unknown) => void },
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw error;
      onError(error);
      const waitMs = Math.min(20 * 2 ** failures, longestWaitMs) * (0.75 + Math.random() / 2);
      await delay(waitMs, undefined, { signal }).catch(() => {});
    }
  }
}
