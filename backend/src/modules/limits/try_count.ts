import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { AppError } from '../../lib/app_error';
import { tooManyTries } from './limit_answer';
import { storeOptions, windowSeconds } from './limiter';

/** How long a count is taken for full without asking again, in milliseconds. */
const fullMs = 1_000;
/** How long somebody is to wait who was refused because of tries that may yet come right, in milliseconds. */
const underWayMs = 1_000;
/** Between two attempts to give back what the database did not hear of, in milliseconds. */
const repayEveryMs = 1_000;

/** A try that was counted as failed beforehand. */
export type CountedTry = {
  remaining: number;
  /** of the window, in milliseconds */
  msBeforeNext: number;
  /** Says how it ended: one that has not failed does not count. Never throws. */
  end(failed: boolean): Promise<void>;
};

/**
 * Failed tries of one kind in a minute, counted in PostgreSQL for all processes; while it is away this process counts
 * for itself. A try counts from its beginning, so that many at once do not slip through between the look and the
 * count. One that is refused does not count: nobody has failed by it, and a school that comes at once would else be
 * shut out by those who were merely too early.
 */
export class TryCount {
  readonly #store: RateLimiterPostgres;
  readonly #memory: RateLimiterMemory;
  readonly #points: number;
  /** tries of this process that may yet be given back */
  readonly #underWay = new Map<string, number>();
  /** full counts and until when they are, in milliseconds since 1970 */
  readonly #full = new Map<string, number>();

  /** @param pool of the system role */
  constructor(pool: Pool, keyPrefix: string, points: number) {
    const options = { keyPrefix, points, duration: windowSeconds };
    this.#store = new RateLimiterPostgres({ ...storeOptions(pool), ...options });
    this.#memory = new RateLimiterMemory(options);
    this.#points = points;
  }

  /** @throws AppError RATE_LIMIT_EXCEEDED with limit, remaining, resetAt (ms since 1970) and retryAfter (seconds) */
  async begin(key: string): Promise<CountedTry> {
    const fullUntil = this.#full.get(key);
    if (fullUntil !== undefined) throw tooManyTries(this.#points, fullUntil - Date.now());
    const { counted, by } = await this.#count(key);
    this.#underWay.set(key, this.#tries(key) + 1);
    const { consumedPoints, msBeforeNext } = counted;
    const end = async (failed: boolean) => {
      if (!failed) await this.#giveBack(by, key, msBeforeNext);
      const left = this.#tries(key) - 1;
      if (left > 0) this.#underWay.set(key, left);
      else this.#underWay.delete(key);
    };
    if (consumedPoints <= this.#points) {
      return { remaining: this.#points - consumedPoints, msBeforeNext, end };
    }
    const refusal = this.#refusal(key, counted);
    void end(false);
    throw refusal;
  }

  #tries(key: string): number {
    return this.#underWay.get(key) ?? 0;
  }

  async #count(
    key: string,
  ): Promise<{ counted: RateLimiterRes; by: RateLimiterPostgres | RateLimiterMemory }> {
    try {
      return { counted: await consume(this.#store, key), by: this.#store };
    } catch {
      return { counted: await consume(this.#memory, key), by: this.#memory };
    }
  }

  #refusal(key: string, { consumedPoints, msBeforeNext }: RateLimiterRes): AppError {
    const failed = consumedPoints - this.#tries(key);
    // Some of those under way are likely to come right, and then there is room.
    if (failed < this.#points) return tooManyTries(this.#points, Math.min(underWayMs, msBeforeNext));
    // Another process's tries may be among them, so it is asked again soon; a flood costs a statement a second.
    this.#full.set(key, Date.now() + msBeforeNext);
    setTimeout(() => this.#full.delete(key), Math.min(fullMs, msBeforeNext)).unref();
    return tooManyTries(this.#points, msBeforeNext);
  }

  /**
   * To where it was counted: what the database has counted must not stay because it went away since. The first
   * attempt is waited for, so that whoever has just come in finds the count without it.
   */
  async #giveBack(by: RateLimiterPostgres | RateLimiterMemory, key: string, msLeft: number): Promise<void> {
    const endsAt = Date.now() + msLeft;
    const attempt = () =>
      by.reward(key).then(
        () => true,
        () => false,
      );
    if (!(await attempt())) void this.#repay(attempt, endsAt);
  }

  /** Until the window is over, which forgets it anyway. */
  async #repay(attempt: () => Promise<boolean>, endsAt: number): Promise<void> {
    while (Date.now() + repayEveryMs < endsAt) {
      await delay(repayEveryMs, undefined, { ref: false });
      if (await attempt()) return;
    }
  }
}

/** What the count is with this one in it, whether that is too many or not. */
async function consume(by: RateLimiterPostgres | RateLimiterMemory, key: string): Promise<RateLimiterRes> {
  try {
    return await by.consume(key);
  } catch (thrown) {
    if (thrown instanceof RateLimiterRes) return thrown;
    throw thrown;
  }
}
