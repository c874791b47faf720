import type { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { tooManyTries } from './limit_answer';

export const windowSeconds = 60;
/** After this long without an answer of the database a process counts for itself; somebody waits at the door. */
export const limitWaitMs = 3_000;

/** @param pool of the system role */
export function storeOptions(pool: Pool) {
  return { storeClient: pool, storeType: 'pool', tableName: 'rate_limits', tableCreated: true };
}

/** Counts of all processes in PostgreSQL; while it is away this process counts for itself. */
export function limiter(
  pool: Pool,
  keyPrefix: string,
  points: number,
  duration = windowSeconds,
): RateLimiterPostgres {
  return new RateLimiterPostgres({
    ...storeOptions(pool),
    keyPrefix,
    points,
    duration,
    // Nothing is given back, so a flood is refused without a statement.
    inMemoryBlockOnConsumed: points + 1,
    insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration }),
  });
}

/** @throws AppError RATE_LIMIT_EXCEEDED when nothing is left */
export async function take(from: RateLimiterPostgres, key: string, limit: number): Promise<void> {
  try {
    await from.consume(key);
  } catch (thrown) {
    if (!(thrown instanceof RateLimiterRes)) throw thrown;
    throw tooManyTries(limit, thrown.msBeforeNext);
  }
}
