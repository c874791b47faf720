import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../lib/app_error';
import { networkOf } from './client_address';

const windowSeconds = 60;
/** After this long without an answer of the database a process counts for itself; somebody waits at the door. */
export const limitWaitMs = 3_000;
/** A class signs in behind one address; this many classes may mistype as often as one of them may. */
const networkFactor = 20;

/** A try that was counted as failed beforehand. */
export type SignInTry = { headers: Record<string, string>; succeeded(): Promise<void> };

/**
 * Failed sign-ins: `max` a minute for an account from one network, and twenty times that for the network. A try is
 * counted before the password is looked at and given back when it was right, so that many at once do not slip
 * through between the look and the count. While the database is away this process counts for itself.
 */
export class SignInLimits {
  readonly #account: RateLimiterPostgres;
  readonly #network: RateLimiterPostgres;
  readonly #max: number;

  /** @param pool of the system role */
  constructor(pool: Pool, max: number) {
    this.#max = max;
    this.#account = limiter(pool, 'auth', max);
    this.#network = limiter(pool, 'auth-net', max * networkFactor);
  }

  /**
   * @param account the e-mail or username as it was typed
   * @throws AppError RATE_LIMIT_EXCEEDED with limit, remaining, resetAt (ms since 1970) and retryAfter (seconds)
   */
  async begin(account: string, address: string): Promise<SignInTry> {
    const network = networkOf(address);
    // Typed names are personal, sometimes passwords in the wrong field: only a hash is kept.
    const key = createHash('sha256')
      .update(`${account.trim().toLowerCase()}\n${network}`)
      .digest('base64url');
    await take(this.#network, network, this.#max * networkFactor);
    const { msBeforeNext, remainingPoints } = await take(this.#account, key, this.#max);
    return {
      headers: limitHeaders(this.#max, remainingPoints, Date.now() + msBeforeNext),
      succeeded: async () => {
        await Promise.all([this.#account.reward(key), this.#network.reward(network)]);
      },
    };
  }
}

/** Counts of all processes in PostgreSQL; while it is away this process counts for itself. */
export function limiter(
  pool: Pool,
  keyPrefix: string,
  points: number,
  duration = windowSeconds,
): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix,
    points,
    duration,
    // At most `points` are under way and may be given back, so from here on the count cannot fall below the limit any
    // more, and a flood is refused without a statement.
    inMemoryBlockOnConsumed: 2 * points,
    insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration }),
  });
}

/** @throws AppError RATE_LIMIT_EXCEEDED when nothing is left */
export async function take(from: RateLimiterPostgres, key: string, limit: number): Promise<RateLimiterRes> {
  try {
    return await from.consume(key);
  } catch (thrown) {
    if (!(thrown instanceof RateLimiterRes)) throw thrown;
    const retryAfter = Math.max(1, Math.ceil(thrown.msBeforeNext / 1_000));
    throw new AppError('RATE_LIMIT_EXCEEDED', `Too many tries. Wait ${retryAfter} seconds, then try again.`, {
      limit,
      remaining: 0,
      resetAt: Date.now() + thrown.msBeforeNext,
      retryAfter,
    });
  }
}

/** The headers of an answer that a limit stands over; `X-RateLimit-Reset` in seconds since 1970. */
export function limitHeaders(limit: number, remaining: number, resetAt: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.ceil(resetAt / 1_000)),
  };
}
