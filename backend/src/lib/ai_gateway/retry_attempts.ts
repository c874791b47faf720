import { setTimeout as sleep } from 'node:timers/promises';
import { AiError } from './ai_error';

/** The longest `Retry-After` that is waited for; beyond it the run is given back to the queue. */
const LONGEST_WAIT_MS = 30_000;
const LONGEST_BACKOFF_MS = 8000;

type Retries = {
  /** repetitions, not attempts: 2 means at most three requests */
  max: number;
  /** before the first repetition; doubles each time, with up to half of it added at random */
  backoffMs: number;
  /** no repetition starts later than this after the beginning */
  budgetMs: number;
  signal: AbortSignal;
  onRetry: (retry: { error: AiError; attempt: number; delayMs: number }) => void;
};

/** @returns null when it is not worth waiting */
function chooseDelay(error: AiError, repetition: number, backoffMs: number): number | null {
  if (error.retryAfterMs !== null) return error.retryAfterMs > LONGEST_WAIT_MS ? null : error.retryAfterMs;
  const backoff = Math.min(backoffMs * 2 ** repetition, LONGEST_BACKOFF_MS);
  // Without chance, all the pupils of a class who failed together would come back together.
  return backoff * (1 + Math.random() / 2);
}

/**
 * Repeats `attempt` while what it throws is retryable and nothing of it can have been seen: `attempt` must end
 * (by returning) before any text is released.
 * @param attempt gets the milliseconds that are left of the budget
 * @throws AiError the last one
 */
export async function retryAttempts<Result>(
  retries: Retries,
  attempt: (leftMs: number) => Promise<Result>,
): Promise<Result> {
  const end = performance.now() + retries.budgetMs;
  for (let repetition = 0; ; repetition++) {
    try {
      return await attempt(Math.max(1, end - performance.now()));
    } catch (error) {
      if (!(error instanceof AiError) || !error.retryable || repetition >= retries.max) throw error;
      const delayMs = chooseDelay(error, repetition, retries.backoffMs);
      if (delayMs === null || performance.now() + delayMs >= end) throw error;
      retries.onRetry({ error, attempt: repetition + 2, delayMs: Math.round(delayMs) });
      try {
        await sleep(delayMs, undefined, { signal: retries.signal });
      } catch {
        const detail = 'stopped by the caller while waiting to repeat';
        throw new AiError({ code: 'cancelled', retryable: false, detail }, false);
      }
    }
  }
}
