import type { Pool } from 'pg';
import { channels } from './queue_names';

/**
 * NOTIFY takes one lock for the whole database, so many wakes become one statement: the first goes out at once,
 * those that come while it is on its way and for 2 ms after go together.
 */
const pauseMs = 2;

export interface WorkerWaker {
  /** Tells the workers of every process that `queue` has something to claim. Returns at once. */
  wake(queue: string): void;
  /** Resolves when everything that was told is out, or could not be sent. */
  flush(): Promise<void>;
}

/** @param sender stands in the notification, so that the one who sent it can ignore it */
export function createWorkerWaker(
  pool: Pool,
  sender: string,
  onError: (error: unknown) => void,
): WorkerWaker {
  const told = new Set<string>();
  let sending: Promise<void> | undefined;

  async function send(): Promise<void> {
    await Promise.resolve(); // all that one turn of the event loop has to tell goes out together
    while (told.size > 0) {
      const payloads = [...told].map((queue) => `${sender} ${queue}`);
      told.clear();
      // A wake that is lost costs five seconds, which is how often every queue is looked at anyway.
      await pool
        .query({
          name: 'rapt_wake',
          text: 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload',
          values: [channels.wake, payloads],
        })
        .catch(onError);
      if (told.size > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    sending = undefined;
  }

  return {
    wake(queue) {
      told.add(queue);
      sending ??= send();
    },
    flush: () => sending ?? Promise.resolve(),
  };
}
