import type { Pool } from 'pg';
import { AppError } from '../../lib/app_error';
import { limiter } from './sign_in_limits';

/** What is left in the window; `resetAt` in milliseconds since 1970. */
export type LimitState = { limit: number; remaining: number; resetAt: number };

type Entry = {
  /** of all processes, as of the last time it was asked */
  known: number;
  /** counted here since */
  pending: number;
  endsAt: number;
  settling: boolean;
};

const windowSeconds = 60;
/** An entry is 150 bytes or so; more than this many are looked through for those whose window is over. */
const manyEntries = 20_000;

/**
 * Calls a minute, counted in PostgreSQL for all processes together, without asking it on every call. Each process
 * counts for itself and hands its count in after every tenth of a limit, which also tells it the others' counts. So
 * whoever calls little costs no statement at all, nobody waits for one, and n processes let at most n tenths too
 * many pass. While the database is away each process goes on with its own count: calls are not refused for it, and
 * a flood still is.
 */
export class ApiLimits {
  readonly #entries = new Map<string, Entry>();
  readonly #store: ReturnType<typeof limiter>;

  /** @param pool of the system role */
  constructor(pool: Pool) {
    // Only its counts are used: what a count may reach is decided here, procedure by procedure.
    this.#store = limiter(pool, 'api', Number.MAX_SAFE_INTEGER, windowSeconds);
  }

  /** @throws AppError RATE_LIMIT_EXCEEDED with limit, remaining, resetAt (ms since 1970) and retryAfter (seconds) */
  take(key: string, limit: number): LimitState {
    const now = Date.now();
    const entry = this.#entryOf(key, now);
    const used = entry.known + entry.pending;
    if (used >= limit) throw tooMany(limit, entry.endsAt, now);
    entry.pending++;
    const tenth = Math.ceil(limit / 10);
    if (entry.pending >= tenth && !entry.settling) void this.#settle(key, entry, tenth);
    return { limit, remaining: limit - used - 1, resetAt: entry.endsAt };
  }

  #entryOf(key: string, now: number): Entry {
    const known = this.#entries.get(key);
    if (known && known.endsAt > now) return known;
    if (!known && this.#entries.size >= manyEntries) this.#forgetEnded(now);
    const entry = { known: 0, pending: 0, endsAt: now + windowSeconds * 1_000, settling: false };
    this.#entries.set(key, entry);
    return entry;
  }

  #forgetEnded(now: number): void {
    for (const [key, { endsAt }] of this.#entries) if (endsAt <= now) this.#entries.delete(key);
  }

  async #settle(key: string, entry: Entry, tenth: number): Promise<void> {
    entry.settling = true;
    // More may have come while the answer was on its way.
    while (entry.pending >= tenth) {
      const counted = entry.pending;
      let shared = 0;
      try {
        const { consumedPoints, msBeforeNext } = await this.#store.penalty(key, counted);
        shared = consumedPoints;
        entry.endsAt = Date.now() + msBeforeNext;
      } catch {
        // This process's own count goes on.
      }
      entry.pending -= counted;
      // While the database is away the store knows only what it was told since.
      entry.known = Math.max(entry.known + counted, shared);
    }
    entry.settling = false;
  }
}

function tooMany(limit: number, resetAt: number, now: number): AppError {
  const retryAfter = Math.max(1, Math.ceil((resetAt - now) / 1_000));
  return new AppError(
    'RATE_LIMIT_EXCEEDED',
    `Too many requests. Wait ${retryAfter} seconds, then try again.`,
    {
      limit,
      remaining: 0,
      resetAt,
      retryAfter,
    },
  );
}
