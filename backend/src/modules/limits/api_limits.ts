import type { Pool } from 'pg';
import { AppError } from '../../lib/app_error';
import { limiter, windowSeconds } from './limiter';

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

/**
 * An entry is 150 bytes or so. More are not kept, from however many networks somebody calls: those who have not called
 * for the longest are forgotten, and what they had handed in is still known to the database.
 */
const mostEntries = 200_000;

/**
 * Calls a minute, counted in PostgreSQL for all processes together, without asking it on every call. Each process
 * counts for itself and hands its count in after every tenth of a limit, which also tells it the others' counts. So
 * whoever calls little costs no statement at all, nobody waits for one, and n processes let at most n tenths too
 * many pass. While the database is away each process goes on with its own count: calls are not refused for it, and
 * a flood still is.
 */
export class ApiLimits {
  /** Who called in this stretch, and who did in the one before and not since: nobody is ever searched for. */
  #recent = new Map<string, Entry>();
  #before = new Map<string, Entry>();
  #turnsAt = 0;
  readonly #store: ReturnType<typeof limiter>;
  readonly #mostKept: number;

  /** @param pool of the system role */
  constructor(pool: Pool, mostKept = mostEntries) {
    this.#mostKept = mostKept;
    // Only its counts are used: what a count may reach is decided here, procedure by procedure.
    this.#store = limiter(pool, 'api', Number.MAX_SAFE_INTEGER, windowSeconds);
  }

  /** How many callers are remembered. */
  get size(): number {
    return this.#recent.size + this.#before.size;
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
    if (now >= this.#turnsAt || this.#recent.size >= this.#mostKept / 2) this.#turn(now);
    const known = this.#recent.get(key) ?? this.#before.get(key);
    const entry =
      known && known.endsAt > now
        ? known
        : { known: 0, pending: 0, endsAt: now + windowSeconds * 1_000, settling: false };
    if (this.#recent.get(key) !== entry) {
      this.#recent.set(key, entry);
      this.#before.delete(key);
    }
    return entry;
  }

  /** Who has not called for a whole window has none that runs. */
  #turn(now: number): void {
    this.#before = this.#recent;
    this.#recent = new Map();
    this.#turnsAt = now + windowSeconds * 1_000;
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
