import { liveQuery } from 'dexie';
import type { LocalDb } from '../local_db/local_db';
import { readSyncStatus, unknownStatus } from './read_sync_status';
import type { RoomState } from './storage_room';
import type { SyncStatus } from './use_sync_status';

/** The status for `useSyncExternalStore`: one query for however many components show it. */
export class StatusStore {
  #status: SyncStatus = unknownStatus;
  readonly #listeners = new Set<() => void>();
  #stop: (() => void) | undefined;

  constructor(readonly db: LocalDb) {}

  /** What cannot be in the database: that it has no room. */
  setRoom({ full, lost }: RoomState): void {
    this.#show({ ...this.#status, full, lost });
  }

  /** What the database does not say of one tab: that it is of another version than the rows. */
  setDisplaced(): void {
    this.#show({ ...this.#status, displaced: true });
  }

  get = (): SyncStatus => this.#status;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#stop ??= this.#follow();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  };

  #follow(): () => void {
    const subscription = liveQuery(() => readSyncStatus(this.db)).subscribe({
      next: (status) => this.#show({ ...this.#status, ...status }),
      // The database was closed by a sign-out in another tab; this page is about to go.
      error: () => undefined,
    });
    return () => subscription.unsubscribe();
  }

  #show(status: SyncStatus): void {
    this.#status = status;
    for (const listener of this.#listeners) listener();
  }
}
