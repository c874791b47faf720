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
  #resumes = 0;
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

  /** What was noted in the database may no longer be there: it is found out and noted again. */
  forget(): void {
    this.#account = undefined;
    this.#offline = undefined;
    this.#outdated = undefined;
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
    await this.#note(false, () => writeMeta(this.db, 'offlineSince', null));
    // Whoever rests until the network is back may go on; or finds out at once that this answer was the last.
    if (wasOffline) this.hurry();
  }

  /**
   * Syncing does not stop because the device cannot store what a page shows of it: the next news is stored then.
   * What is known is changed first, so that of two that overlap the later one counts, here as in the database.
   */
  async #note(offline: boolean, store: () => Promise<void>): Promise<void> {
    this.#offline = offline;
    try {
      await store();
    } catch (error) {
      if (this.#offline === offline) this.#offline = undefined;
      if (!this.#isDevice(error)) throw error;
    }
  }

  /** Whether it is this device that fails: a full disk, or a database another tab is taking away. */
  #isDevice(error: unknown): boolean {
    const full = isQuotaError(error);
    if (full) this.room.setFull(true);
    return full || error instanceof Dexie.DexieError;
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
    if (this.#isDevice(error)) return 'device';
    const kind = error instanceof OtherAccountError ? 'signed_out' : classifyFailure(error);
    // What cannot be stored of it is found out again by the next try, and must not be the end of the loop.
    await this.#understand(kind).catch((again) => {
      if (!this.#isDevice(again)) throw again;
    });
    return kind;
  }

  async #understand(kind: FailureKind): Promise<void> {
    if (kind === 'network') await this.lost();
    else await this.reached();
    if (kind === 'signed_out') await this.signOut();
    if (kind === 'outdated' && !this.#outdated) {
      this.#outdated = true;
      await writeMeta(this.db, 'refusedVersion', syncVersion);
    }
  }

  /** The network is away, from now on unless it was before. */
  async lost(): Promise<void> {
    if (this.#offline) return;
    await this.#note(true, () =>
      this.db.transaction('rw', this.db.meta, async () => {
        const since = await this.db.meta.get('offlineSince');
        if (typeof since?.value === 'number') return;
        await writeMeta(this.db, 'offlineSince', this.surroundings.now());
      }),
    );
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

  /** How often there was reason to try again at once: a network that came back, a page that is looked at. */
  get resumes(): number {
    return this.#resumes;
  }

  /**
   * Waits before another try, shorter when the network is said to be back or the page is looked at. The longest
   * pause is for a device without a network, on which nothing answers: one that has no network but an answer
   * finds out soon which of the two is old.
   */
  async pause(failures: number): Promise<void> {
    const { surroundings } = this;
    const away = this.offline && !surroundings.isOnline();
    await this.#rest(away ? 30_000 : backoffMs(failures, surroundings.random()));
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
    this.#resumes += 1;
    this.#resumed.wake();
    this.hurry();
  }
}
