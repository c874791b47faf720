import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import { Batcher } from '../../lib/batcher';
import type { StreamConnection } from './stream_connection';

export type SignInEnd = 'signed_out' | 'suspended' | 'expired';

/** When each of these sign-ins ends, in milliseconds since 1970; those that are over already are left out. */
export type ReadSignInEnds = (
  authSessionIds: RichId<'authsession'>[],
) => Promise<ReadonlyMap<RichId<'authsession'>, number>>;

/** Timers count in 32 bits; and a clock that is set in between is noticed by then. */
const longestTimerMs = 3_600_000;

/**
 * Ends streams when their sign-in does: when told that it may have ended, and by the clock. One query asks for
 * all streams at once. A database that does not answer ends nobody: whoever beats asks again.
 */
export class SignInWatch {
  private readonly ends = new Map<StreamConnection, number>();
  private readonly asks: Batcher<RichId<'authsession'>, number>;
  private timer: NodeJS.Timeout | undefined;
  private wakesAt = Number.POSITIVE_INFINITY;

  constructor(
    readSignInEnds: ReadSignInEnds,
    private readonly onEnd: (connection: StreamConnection, reason: SignInEnd) => void,
  ) {
    this.asks = new Batcher(readSignInEnds);
  }

  /** Resolves when it is known of all of them whether their sign-in stands, and those where it does not have ended. */
  async check(connections: Iterable<StreamConnection>, reason: SignInEnd): Promise<void> {
    await Promise.all(
      [...connections].map(async (connection) => {
        try {
          const end = await this.asks.get(connection.owner.authSessionId);
          if (end === undefined) this.onEnd(connection, reason);
          else if (connection.isOpen) this.wakeFor(connection, end);
        } catch {
          // Asked again with the next beat.
        }
      }),
    );
  }

  forget(connection: StreamConnection): void {
    this.ends.delete(connection);
  }

  close(): void {
    clearTimeout(this.timer);
  }

  private wakeFor(connection: StreamConnection, end: number): void {
    this.ends.set(connection, end);
    if (end < this.wakesAt) this.setTimer(end);
  }

  private setTimer(at: number): void {
    clearTimeout(this.timer);
    this.wakesAt = at;
    if (at === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(Math.max(at - Date.now() + 1, 0), longestTimerMs);
    this.timer = setTimeout(() => void this.wake(), wait);
    this.timer.unref();
  }

  private async wake(): Promise<void> {
    const now = Date.now();
    const due = [...this.ends].filter(([, end]) => end <= now).map(([connection]) => connection);
    // Its use may have extended one meanwhile, so the database has the last word.
    for (const connection of due) this.ends.delete(connection);
    await this.check(due, 'expired');
    this.setTimer(Math.min(...this.ends.values()));
  }
}
