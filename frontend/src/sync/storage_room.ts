import type { StorageReserve } from './surroundings';

/** This device has no room for it, the reserve included: nothing of it was stored. */
export class NoRoomError extends Error {
  override name = 'NoRoomError';
}

/** `full`: the reserve is in use, or gone; `lost`: writes of this page that found no room, ever. */
export type RoomState = { full: boolean; lost: number };

/** Looking for room costs a write of the size of the reserve. */
const lookEveryMs = 30_000;

/**
 * Sees to it that what a person writes finds room when the device has none: a reserve is kept beside the
 * database, and given up for writes of people only. Rows of the server never get it: they can come again.
 */
export class StorageRoom {
  #state: RoomState = { full: false, lost: 0 };
  #lookedAt = 0;

  constructor(
    readonly reserve: StorageReserve,
    readonly now: () => number,
    readonly onChange: (state: RoomState) => void,
  ) {}

  get state(): RoomState {
    return this.#state;
  }

  /** @throws NoRoomError when there is none even without the reserve; whatever else `work` throws */
  async write<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isQuotaError(error)) throw error;
      this.setFull(true);
      const freed = await this.reserve.release();
      if (freed) return await work().catch((again) => this.#lose(again));
      return this.#lose(error);
    }
  }

  #lose(error: unknown): never {
    if (!isQuotaError(error)) throw error;
    this.#set({ full: true, lost: this.#state.lost + 1 });
    throw new NoRoomError('This device has no room left', { cause: error });
  }

  /** Fills the reserve, if there is room again. */
  async look(): Promise<void> {
    this.#lookedAt = this.now();
    this.setFull(!(await this.reserve.fill()));
  }

  /** Something was stored: where the device was full, it may be so no more. */
  async lookAgain(): Promise<void> {
    if (this.#state.full && this.now() - this.#lookedAt >= lookEveryMs) await this.look();
  }

  /** Also what another tab has found out. */
  setFull(full: boolean): void {
    if (full !== this.#state.full) this.#set({ ...this.#state, full });
  }

  #set(state: RoomState): void {
    this.#state = state;
    this.onChange(state);
  }
}

/** Dexie wraps what IndexedDB says when a transaction finds no room at its end. */
export function isQuotaError(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 4) return false;
  if ('name' in error && error.name === 'QuotaExceededError') return true;
  return 'inner' in error && isQuotaError(error.inner, depth + 1);
}
