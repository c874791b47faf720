import { syncVersion } from '@raptscallions/zod-schemas/sync.zod';
import { Dexie } from 'dexie';
import { classifyFailure, type FailureKind } from '../api/classify_failure';
import type { LocalDb } from '../local_db/local_db';
import { readMeta, writeMeta } from '../local_db/meta';
import { backoffMs, spreadMs } from './backoff';
import { renewClient } from './outbox';
import { canSeal, importSealKey } from './seal_key';
import { isQuotaError, type StorageRoom } from './storage_room';
import type { SyncSurroundings } from './surroundings';
import { Waker } from './waker';

/** The cookie is somebody else's by now: nothing of this person may travel under it. */
class OtherAccountError extends Error {
  override name = 'OtherAccountError';
}

/**
 * What the loops of the leader know together about the server: whether it can be reached, and whether it
 * takes us for whom this database is. Both are kept in `meta`, from where every tab shows them.
 */
export class ServerContact {
  readonly #hurry = new Waker();
  readonly #resumed = new Waker();
  #account: Promise<void> | undefined;
  #signedOut = false;
  #offline: boolean | undefined;
  #renewed = false;
  #outdated: boolean | undefined;

  constructor(
    readonly db: LocalDb,
    readonly surroundings: SyncSurroundings,
    readonly signal: AbortSignal,
    readonly room: StorageRoom,
    /** this browser profile got a new name */
    readonly onRenewed: () => void,
  ) {}

  /** Resolves when the server has said that this is the account of this database; waits out a sign-out. */
  async ready(): Promise<void> {
    while (this.#signedOut && !this.signal.aborted) await this.#resumed.called(this.signal);
    this.#account ??= this.#checkAccount();
    try {
      await this.#account;
    } catch (error) {
      this.#account = undefined;
      throw error;
    }
  }

  /** The last call found nobody who answers. */
  get offline(): boolean {
    return this.#offline === true;
  }

  /** Asks whether anybody answers, and who we are to them. @throws what a call throws */
  async probe(): Promise<void> {
    this.#account = undefined;
    await this.ready();
  }

  async #checkAccount(): Promise<void> {
    const { userId } = await this.surroundings.api.me({ signal: this.signal });
    if (userId !== this.db.userId) throw new OtherAccountError();
    await writeMeta(this.db, 'signedOut', false);
    await this.reached();
    if (canSeal() && !(await readMeta(this.db, 'sealKey'))) {
      const text = await this.surroundings.api.sealKey({ signal: this.signal });
      await writeMeta(this.db, 'sealKey', await importSealKey(text));
    }
  }

  /** The server has answered. */
  async reached(): Promise<void> {
    if (this.#offline === false) return;
    const wasOffline = this.#offline;
    this.#offline = false;
    await writeMeta(this.db, 'offlineSince', null);
    // Whoever rests until the network is back may go on; or finds out at once that this answer was the last.
    if (wasOffline) this.hurry();
  }

  /** Something went the whole way: the next refusal of our name or version is news again. */
  async succeeded(): Promise<void> {
    this.#renewed = false;
    await this.room.lookAgain();
    if (this.#outdated === false) return;
    this.#outdated = false;
    await writeMeta(this.db, 'refusedVersion', null);
  }

  /** Notes what a failed call says about the connection; nothing when it is this device that failed. */
  async failed(error: unknown): Promise<FailureKind | 'device'> {
    if (isQuotaError(error)) this.room.setFull(true);
    // A full disk, or a database another tab is taking away: not the network's fault, and not writable now.
    if (error instanceof Dexie.DexieError) return 'device';
    const kind = error instanceof OtherAccountError ? 'signed_out' : classifyFailure(error);
    if (kind === 'network') await this.lost();
    else await this.reached();
    if (kind === 'signed_out') await this.signOut();
    if (kind === 'outdated' && !this.#outdated) {
      this.#outdated = true;
      await writeMeta(this.db, 'refusedVersion', syncVersion);
    }
    return kind;
  }

  /** The network is away, from now on unless it was before. */
  async lost(): Promise<void> {
    if (this.#offline) return;
    this.#offline = true;
    await this.db.transaction('rw', this.db.meta, async () => {
      const since = await this.db.meta.get('offlineSince');
      if (typeof since?.value === 'number') return;
      await writeMeta(this.db, 'offlineSince', this.surroundings.now());
    });
  }

  async signOut(): Promise<void> {
    this.#signedOut = true;
    this.#account = undefined;
    await writeMeta(this.db, 'signedOut', true);
  }

  /**
   * The server says that our name belongs to somebody else. A push it refused has done nothing; without that
   * certainty entries that were on the wire keep the old name. Once only until something succeeds.
   */
  async renew(pushRefused: boolean): Promise<void> {
    if (this.#renewed) return;
    this.#account = undefined;
    await this.ready();
    const { db } = this;
    const done = await db.transaction('rw', db.outbox, db.meta, async () => {
      if (!pushRefused && (await db.outbox.where('sentMid').above(0).count()) > 0) return false;
      await renewClient(db);
      return true;
    });
    if (!done) return;
    this.#renewed = true;
    this.onRenewed();
  }

  /** Waits its own part of the time over which all come back that the server has sent away together. */
  async stepAside(): Promise<void> {
    await this.#rest(spreadMs('farewell', this.surroundings.random()));
  }

  /** Waits before another try, shorter when the network is said to be back or the page is looked at. */
  async pause(failures: number): Promise<void> {
    const { surroundings } = this;
    await this.#rest(surroundings.isOnline() ? backoffMs(failures, surroundings.random()) : 30_000);
  }

  async #rest(ms: number): Promise<void> {
    const { surroundings, signal } = this;
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    await Promise.race([surroundings.wait(ms, either), this.#hurry.called(either)]);
    over.abort();
  }

  hurry(): void {
    this.#hurry.wake();
  }

  /** Tries the account again: after signing in, or because somebody looks at the page. */
  resume(): void {
    this.#signedOut = false;
    this.#resumed.wake();
    this.hurry();
  }
}
