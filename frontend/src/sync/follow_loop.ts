import { readMeta, writeMeta } from '../local_db/meta';
import { applyFrames } from './apply_frames';
import { findEndedRuns } from './find_ended_runs';
import { type ChunkFrame, type FrameEvent, FrameReader } from './frame_reader';
import { readClient } from './outbox';
import type { EditsByName } from './overlay';
import type { ServerContact } from './server_contact';
import { Waker } from './waker';

export type FollowEvents = {
  chunk(chunk: ChunkFrame): void;
  ended(run: { runId: string; attempt: number }): void;
  /** the server knows less than before: nothing it said of the outbox counts any more */
  reset(): void;
  /** the runs to watch besides one's own */
  watched(): string[];
};

/** What a connection says about the next one. */
type Outcome = 'again' | 'pause';

/** Loads what is missing, then holds the one stream, and begins anew whenever it ends. */
export class FollowLoop {
  readonly #watchChanged = new Waker();
  #connection = new AbortController();
  #mustPull = false;
  #progress = false;

  constructor(
    readonly contact: ServerContact,
    readonly edits: EditsByName,
    readonly events: FollowEvents,
  ) {}

  /** Lets go of the stream; the next one begins after a pause, or at once when hurried. */
  disconnect(): void {
    this.#connection.abort();
  }

  watchChanged(): void {
    this.#watchChanged.ring();
  }

  async run(): Promise<void> {
    const { contact } = this;
    let failures = 0;
    while (!contact.signal.aborted) {
      this.#progress = false;
      let outcome: Outcome = 'pause';
      this.#connection = new AbortController();
      const signal = AbortSignal.any([contact.signal, this.#connection.signal]);
      try {
        await contact.ready();
        outcome = await this.#connect(signal);
      } catch (error) {
        if (contact.signal.aborted) return;
        if (!signal.aborted) await this.#note(error);
      } finally {
        this.#connection.abort();
      }
      failures = this.#progress ? 0 : failures + 1;
      if (outcome === 'again' && this.#progress) continue;
      await contact.pause(Math.max(failures, 1));
    }
  }

  async #note(error: unknown): Promise<void> {
    const kind = await this.contact.failed(error);
    if (kind === 'forbidden') {
      await this.contact.renew(false).catch((again) => this.contact.failed(again));
    }
  }

  async #connect(signal: AbortSignal): Promise<Outcome> {
    const position = await this.#readPosition();
    if (position.cursor === null || this.#mustPull) return this.#pull(position, signal);
    return this.#follow(position, signal);
  }

  async #readPosition() {
    const { db } = this.contact;
    return db.transaction('rw', db.meta, async () => {
      const position = (await readMeta(db, 'position')) ?? { cursor: null, scopes: [] };
      return { ...position, syncClientId: (await readClient(db)).syncClientId };
    });
  }

  async #pull(position: Awaited<ReturnType<FollowLoop['_position']>>, signal: AbortSignal): Promise<Outcome> {
    const reader = new FrameReader(position.cursor);
    let next: string | null = null;
    do {
      const page = await this.contact.surroundings.api.pull({ ...position, next }, { signal });
      await this.contact.reached();
      for (const frame of page.frames) {
        const outcome = await this.#take(reader.read(frame));
        if (outcome) return outcome;
      }
      next = page.next;
    } while (next !== null);
    this.#mustPull = false;
    return 'again';
  }
}
