import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { LocalDb } from '../local_db/local_db';
import { spreadMs } from './backoff';
import { FollowLoop } from './follow_loop';
import { type EditsByName, relayOverlay } from './overlay';
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
    const { db, edits, surroundings, room, send } = this.#options;
    // An edit may show something else in this version of the app than in the one that queued it.
    // The scope must itself be an async function: Dexie keeps the transaction open across native awaits only then.
    await db.transaction('rw', db.tables, async () => {
      await relayOverlay(db, edits);
    });
    if (!surroundings.isOnline()) await this.#contact.lost();
    send({ kind: 'leading' });
    void room.look();
    await Promise.all([this.#push.run(), this.#follow.run()]);
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

  async onPage(event: PageEvent): Promise<void> {
    if (event === 'offline') {
      await this.#contact.lost();
      this.#follow.disconnect();
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
