import type { EditArgs, EditName } from '@raptscallions/zod-schemas/edit.zod';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import { syncSchemaHash } from '@raptscallions/zod-schemas/sync_table';
import { liveQuery } from 'dexie';
import type { LocalDb } from '../local_db/local_db';
import { readMeta } from '../local_db/meta';
import { compareRows, type TableComparison } from './compare_rows';
import type { Edit } from './edit';
import { Leader } from './leader';
import { addEdit, removeEdit, replaceEdit } from './outbox';
import type { EditsByName } from './overlay';
import { rebuildRows } from './rebuild_rows';
import { RunTexts } from './run_texts';
import { StatusStore } from './status_store';
import { StorageRoom } from './storage_room';
import type { PageEvent, SyncSurroundings, TabChannel } from './surroundings';
import type { TabMessage } from './tab_message';

export type SyncEngineOptions = { db: LocalDb; edits: readonly Edit[]; surroundings: SyncSurroundings };

/**
 * Syncing as one tab sees it. Every tab has one; the tab that holds the lock leads. Composed of: the outbox
 * (queue and what it shows), the leader (push, pull, stream), a channel between tabs, texts of running
 * answers, and the status. SPEC.md has the rules.
 */
export class SyncEngine {
  readonly db: LocalDb;
  readonly status: StatusStore;
  readonly texts = new RunTexts();
  readonly #room: StorageRoom;
  readonly #edits: EditsByName;
  readonly #surroundings: SyncSurroundings;
  readonly #tabId = newId('device');
  #stopped = new AbortController();
  /** ends leading alone */
  #leading = new AbortController();
  readonly #watched = new Map<symbol, RichId<'run'>[]>();
  #channel: TabChannel | undefined;
  #leader: Leader | undefined;
  #running: Promise<void> | undefined;
  #stopListening: (() => void) | undefined;

  constructor({ db, edits, surroundings }: SyncEngineOptions) {
    this.db = db;
    this.status = new StatusStore(db);
    this.#edits = new Map(edits.map((edit) => [edit.name, edit]));
    this.#surroundings = surroundings;
    this.#room = new StorageRoom(surroundings.reserve, surroundings.now, (state) => {
      this.status.setRoom(state);
      this.#send({ kind: 'room', full: state.full });
    });
    db.on('versionchange', ({ newVersion }) => {
      if (newVersion !== null && newVersion > 0) this.#stepBack();
    });
    // Also when the browser took the database away, to make room or because somebody cleared it: it is filled anew.
    db.on('close', () => this.#leader?.beginAnew());
  }

  /** Begins to sync, or to wait for the tab that does. */
  start(): void {
    if (this.#channel) return;
    const name = `rapt-sync-${this.db.userId}`;
    this.#stopped = new AbortController();
    const { signal } = this.#stopped;
    this.#channel = this.#surroundings.openChannel(name, (message) => this.#receive(message));
    const stopListening = this.#surroundings.listen((event) => this.#onPage(event));
    const looking = liveQuery(() => readMeta(this.db, 'schemaHash')).subscribe({
      next: (hash) => {
        if (hash !== undefined && hash !== syncSchemaHash) this.#stepBack();
      },
      // The database was closed by a sign-out in another tab; this page is about to go.
      error: () => undefined,
    });
    this.#stopListening = () => {
      stopListening();
      looking.unsubscribe();
    };
    this.#leading = new AbortController();
    const leading = this.#leading.signal;
    this.#running = this.#surroundings.holdLock(name, signal, () => this.#lead(leading));
    this.#send({ kind: 'hello' });
  }

  /** Ends syncing in this tab; resolves when nothing of it touches the database any more. It may start again. */
  async stop(): Promise<void> {
    this.#stopListening?.();
    this.#send({ kind: 'watch', tabId: this.#tabId, runIds: [] });
    this.#stopped.abort();
    this.#leading.abort();
    this.#channel?.close();
    this.#channel = undefined;
    this.#leader = undefined;
    await this.#running;
  }

  /**
   * Shows an edit at once and queues it; resolves when both are stored on this device, network or not.
   * @throws ZodError for wrong `args`; NoRoomError when this device can store no more, and nothing was
   */
  async edit<N extends EditName>(name: N, args: EditArgs<N>): Promise<void> {
    const entry = { name, args, now: this.#surroundings.now() };
    await this.#room.write(() => addEdit(this.db, this.#edits, entry));
    this.#poke();
  }

  /** Takes a queued edit back, with what it shows. False when it has been sent: then the server decides. */
  removeQueued(mid: number): Promise<boolean> {
    return removeEdit(this.db, this.#edits, mid);
  }

  /** Changes what a queued edit says. False when it has been sent. @throws ZodError for wrong `args` */
  replaceQueued(mid: number, args: unknown): Promise<boolean> {
    return this.#room.write(() => replaceEdit(this.db, this.#edits, mid, args));
  }

  /** Looks whether the device has room again. */
  lookForRoom(): Promise<void> {
    return this.#room.look();
  }

  /** Takes a refusal off the list of what was not saved, for good. */
  async discardRefusal(syncRefusalId: string): Promise<void> {
    await this.db.refusals.update(syncRefusalId, { discarded: true });
  }

  /** Asks the stream to carry these runs as long as `owner` does not say otherwise; none: it is done. */
  watchRuns(owner: symbol, runIds: RichId<'run'>[]): void {
    if (runIds.length > 0) this.#watched.set(owner, runIds);
    else this.#watched.delete(owner);
    this.#tellWatched();
  }

  /** Tries again with a new sign-in. */
  resume(): void {
    if (this.#leader) this.#leader.resume();
    else this.#send({ kind: 'resume' });
  }

  /**
   * Compares every row here with the server's, at one moment of both.
   * @throws StillMovingError when that moment does not come; what a call throws without a network
   */
  compare(signal: AbortSignal): Promise<TableComparison[]> {
    return compareRows(this.db, this.#surroundings, signal, () => this.resume());
  }

  /** Loads everything anew; resolves when it has taken the place of what was here. The outbox stays. */
  rebuild(signal: AbortSignal): Promise<void> {
    return rebuildRows(this.db, signal, () => {
      if (this.#leader) this.#leader.reload();
      else this.#send({ kind: 'reload' });
    });
  }

  /** Ends syncing in every tab of this person and lets go of the database, so that it can be removed. */
  async leave(): Promise<void> {
    this.#send({ kind: 'signed_out' });
    await this.stop();
    await this.releaseReserve();
  }

  /** What this person has not sent is about to be locked away, which needs room for a moment. */
  async releaseReserve(): Promise<void> {
    await this.#surroundings.reserve.release();
  }

  /** Leaves leading to the tab whose version of the app the rows here are of now; this one has to be loaded anew. */
  #stepBack(): void {
    this.#leading.abort();
    this.status.setDisplaced();
  }

  async #lead(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.#leader = new Leader({
      db: this.db,
      edits: this.#edits,
      surroundings: this.#surroundings,
      texts: this.texts,
      room: this.#room,
      send: (message) => this.#send(message),
      signal,
    });
    this.#tellWatched();
    try {
      await this.#leader.run();
    } finally {
      this.#leader = undefined;
    }
  }

  #send(message: TabMessage): void {
    this.#channel?.send(message);
  }

  #poke(): void {
    if (this.#leader) this.#leader.poke();
    else this.#send({ kind: 'edited' });
  }

  #tellWatched(): void {
    const runIds = [...new Set([...this.#watched.values()].flat())];
    if (this.#leader) this.#leader.watch(this.#tabId, runIds);
    else this.#send({ kind: 'watch', tabId: this.#tabId, runIds });
  }

  #onPage(event: PageEvent): void {
    if (event === 'leave') this.#send({ kind: 'watch', tabId: this.#tabId, runIds: [] });
    if (event === 'visible') this.#tellWatched();
    if (this.#leader) void this.#leader.onPage(event);
    else if (event !== 'leave' && event !== 'offline') this.#send({ kind: 'resume' });
  }

  #receive(message: TabMessage): void {
    switch (message.kind) {
      case 'edited':
        this.#leader?.poke();
        break;
      case 'watch':
        this.#leader?.watch(message.tabId, message.runIds);
        break;
      case 'resume':
        this.#leader?.resume();
        break;
      case 'reload':
        this.#leader?.reload();
        break;
      case 'hello':
        if (!this.#leader) break;
        this.#send({ kind: 'texts', texts: this.texts.entries() });
        if (this.#room.state.full) this.#send({ kind: 'room', full: true });
        break;
      case 'leading':
        this.#tellWatched();
        break;
      case 'chunk':
        this.texts.accept(message.chunk);
        break;
      case 'texts':
        this.texts.adopt(message.texts);
        break;
      case 'ended':
        this.texts.forget(message.runId, message.attempt);
        break;
      case 'room':
        this.#room.setFull(message.full);
        break;
      case 'signed_out':
        // Closed for good before anything else: an answer that is on its way here would open it again, and so
        // bring back what the tab that signs out is taking away.
        this.db.close();
        // Whatever is under way here finds it closed.
        void this.stop().catch(() => undefined);
    }
  }
}
