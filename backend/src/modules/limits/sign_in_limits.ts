import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { networkOf } from './client_address';
import { limitHeaders } from './limit_answer';
import { TryCount } from './try_count';

/** A class signs in behind one address; this many classes may mistype as often as one of them may. */
const networkFactor = 20;

/** A try that was counted as failed beforehand; whoever began it says how it ended. */
export type SignInTry = { headers: Record<string, string>; end(failed: boolean): Promise<void> };

/**
 * Failed sign-ins: `max` a minute for an account from one network, and twenty times that for the network. Counted is
 * whose password was looked at and found wrong: not who was refused before, nor who came while the database was away.
 */
export class SignInLimits {
  readonly #account: TryCount;
  readonly #network: TryCount;
  readonly #max: number;

  /** @param pool of the system role */
  constructor(pool: Pool, max: number) {
    this.#max = max;
    this.#account = new TryCount(pool, 'auth', max);
    this.#network = new TryCount(pool, 'auth-net', max * networkFactor);
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
    const ofNetwork = await this.#network.begin(network);
    try {
      const { remaining, msBeforeNext, end } = await this.#account.begin(key);
      return {
        headers: limitHeaders(this.#max, remaining, Date.now() + msBeforeNext),
        end: async (failed) => {
          await Promise.all([end(failed), ofNetwork.end(failed)]);
        },
      };
    } catch (refused) {
      // Or whoever hammers at one account would shut out everybody beside them.
      await ofNetwork.end(false);
      throw refused;
    }
  }
}
