import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { LocalDb } from '../local_db/local_db';
import { spreadMs } from './backoff';
import { FollowLoop } from './follow_loop';
import { type EditsByName, relayOverlay } from './overlay';
import { Pauses } from './pauses';
import { PushLoop } from './push_loop';
import type { RunTexts } from './run_texts';
import { ServerContact } from './server_contact';
import type { StorageRoom } from './storage_room';
import type { PageEvent, SyncSurroundings } from './surroundings';
import type { TabMessage } from './tab_message';

/** Streamed text outlives its run a little, so that it never vanishes before the answer's row is painted. */
const forgetAfterMs = 2_000;

export type LeaderOptions = {
  db: LocalDb;
  edits: EditsByName;
  surroundings: SyncSurroundings;
  texts: RunTexts;
  room: StorageRoom;
  /** to the other tabs */
  send: (message: TabMessage) => void;
  signal: AbortSignal;
};

/** What one tab does for all tabs of a person: pushes, pulls, holds the stream, and hands text on. */
export class Leader {
  readonly #options: LeaderOptions;
  readonly #contact: ServerContact;
  readonly #push: PushLoop;
  readonly #follow: FollowLoop;
  readonly #watched = new Map<string, RichId<'run'>[]>();

  constructor(options: LeaderOptions) {
    const { db, edits, surroundings, signal, texts, room, send } = options;
    this.#options = options;
    this.#contact = new ServerContact(db, surroundings, signal, room, () => {
      // The stream speaks for the old name, and would never acknowledge what goes out under the new one.
      this.#follow.reopen();
      this.#push.forgetSettled();
    });
    this.#push = new PushLoop(this.#contact);
    this.#follow = new FollowLoop(this.#contact, edits, {
      chunk(chunk) {
        if (texts.accept(chunk)) send({ kind: 'chunk', chunk });
      },
      ended: (run) => void this.#forget(run),
      reset: () => this.#push.forgetSettled(),
      watched: () => [...new Set([...this.#watched.values()].flat())],
    });
  }

  /** Leads until the signal is aborted. */
  async run(): Promise<void> {
    const { surroundings, room, send } = this.#options;
    if (!surroundings.isOnline()) await this.#contact.lost();
    await this.#relayEdits();
    send({ kind: 'leading' });
    void room.look();
    await Promise.all([this.#push.run(), this.#follow.run()]);
  }

  /**
   * Shows the waiting edits anew: in this version of the app one may show something else than in the one that
   * queued it. Tried until it is done, since a device that is full now must not be one that never syncs again.
   */
  async #relayEdits(): Promise<void> {
    const { db, edits, signal } = this.#options;
    const pauses = new Pauses(this.#contact);
    while (!signal.aborted) {
      try {
        // The scope must itself be an async function: Dexie keeps the transaction open across native awaits only then.
        return await db.transaction('rw', db.tables, async () => {
          await relayOverlay(db, edits);
        });
      } catch (error) {
        if ((await this.#contact.failed(error)) !== 'device') throw error;
        await pauses.next();
      }
    }
  }

  poke(): void {
    this.#push.poke();
  }

  /** Replaces what this tab watches. */
  watch(tabId: string, runIds: RichId<'run'>[]): void {
    if (runIds.length > 0) this.#watched.set(tabId, runIds);
    else this.#watched.delete(tabId);
    this.#follow.watchChanged();
  }

  resume(): void {
    this.#contact.resume();
  }

  /** Begins at the position that is stored now. */
  reload(): void {
    this.#contact.resume();
    this.#follow.reopen();
  }

  /** What is stored may be less than it was a moment ago. */
  beginAnew(): void {
    this.#contact.forget();
    this.#push.forgetSettled();
    this.#follow.disconnect();
  }

  async onPage(event: PageEvent): Promise<void> {
    if (event === 'offline') {
      // First, and without waiting for the database: an answer that still arrives would say that we are online.
      this.#follow.disconnect();
      await this.#contact.lost();
    }
    if (event === 'online') {
      // A whole school has its network back in the same moment.
      const { surroundings, signal } = this.#options;
      await surroundings.wait(spreadMs('network_back', surroundings.random()), signal);
    }
    if (event === 'online' || event === 'visible') this.#contact.resume();
    if (event === 'visible') await this.#options.room.lookAgain();
  }

  async #forget({ runId, attempt }: { runId: string; attempt: number }): Promise<void> {
    const { surroundings, signal, texts, send } = this.#options;
    if (!texts.get(runId)) return;
    await surroundings.wait(forgetAfterMs, signal);
    texts.forget(runId, attempt);
    send({ kind: 'ended', runId, attempt });
  }
}
