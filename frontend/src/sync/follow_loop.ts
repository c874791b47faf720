import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncFrame, SyncPage } from '@raptscallions/zod-schemas/sync.zod';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import { readMeta, writeMeta } from '../local_db/meta';
import { applyFrames } from './apply_frames';
import { findEndedRuns } from './find_ended_runs';
import { type ChunkFrame, type DataFrame, type FrameEvent, FrameReader } from './frame_reader';
import { readClient } from './outbox';
import type { EditsByName } from './overlay';
import { Pauses } from './pauses';
import type { ServerContact } from './server_contact';
import { Waker } from './waker';

export type FollowEvents = {
  chunk(chunk: ChunkFrame): void;
  ended(run: { runId: string; attempt: number }): void;
  /** the server knows less than before: nothing it said of the outbox counts any more */
  reset(): void;
  /** the runs to watch besides one's own */
  watched(): RichId<'run'>[];
};

/**
 * What a connection says about the next one: `loaded`: open the stream now; `again`: begin anew, at once
 * unless that happens time after time; `pause`: it ended or failed; `farewell`: the server sent all away.
 */
type Outcome = 'loaded' | 'again' | 'pause' | 'farewell';
type Position = { cursor: string | null; scopes: string[]; syncClientId: SyncClientId };

const mostWatched = 200;
/** Browsers hold six connections to an address, and the outbox wants one. */
const partsAtOnce = 4;
const triesOfPart = 4;

const changesRights = (frame: DataFrame) => frame.kind === 'gone' || frame.replace;

/** Loads what is missing, then holds the one stream, and begins anew whenever it ends. */
export class FollowLoop {
  readonly #watchChanged = new Waker();
  #connection = new AbortController();
  #mustPull = false;
  #reopen = false;
  #watchedIsOld = false;
  readonly #pauses: Pauses;

  constructor(
    readonly contact: ServerContact,
    readonly edits: EditsByName,
    readonly events: FollowEvents,
  ) {
    this.#pauses = new Pauses(contact);
  }

  /** Lets go of the stream; the next one begins after a pause, or at once when hurried. */
  disconnect(): void {
    this.#connection.abort();
  }

  /** Opens the stream anew at once: it does not yet carry what this client has become. */
  reopen(): void {
    this.#reopen = true;
    this.#connection.abort();
  }

  watchChanged(): void {
    this.#watchChanged.ring();
  }

  /** With a scope goes what could be watched by it, and with one that comes more may be: the server begins anew. */
  #askAgain(): void {
    this.#watchedIsOld = true;
    this.#watchChanged.ring();
  }

  async run(): Promise<void> {
    const { contact } = this;
    while (!contact.signal.aborted) {
      const outcome = await this.#connect();
      if (outcome === 'loaded' || contact.signal.aborted) continue;
      if (outcome === 'farewell') {
        await contact.stepAside();
        continue;
      }
      const failures = this.#pauses.count();
      if (outcome === 'again' && failures === 1) continue;
      await contact.pause(failures);
    }
  }

  async #connect(): Promise<Outcome> {
    const { contact } = this;
    this.#connection = new AbortController();
    this.#reopen = false;
    const signal = AbortSignal.any([contact.signal, this.#connection.signal]);
    try {
      await contact.ready();
      const position = await this.#readPosition();
      if (position.cursor === null || this.#mustPull) return await this.#pull(position, signal);
      return await this.#follow(position, signal);
    } catch (error) {
      if (signal.aborted) return this.#reopen ? 'loaded' : 'pause';
      if ((await contact.failed(error)) === 'forbidden') {
        // Fails only as the next connection would, which then says so.
        await contact.renew(false).catch((again) => contact.failed(again));
      }
      return 'pause';
    } finally {
      this.#connection.abort();
    }
  }

  async #readPosition(): Promise<Position> {
    const { db } = this.contact;
    return db.transaction('rw', db.meta, async () => {
      const position = (await readMeta(db, 'position')) ?? { cursor: null, scopes: [] };
      return { ...position, syncClientId: (await readClient(db)).syncClientId };
    });
  }

  async #pull(position: Position, signal: AbortSignal): Promise<Outcome> {
    const reader = new FrameReader(position.cursor);
    let next: string | null = null;
    do {
      const { frames, parts = [], next: rest }: SyncPage = await this.#ask(position, next, signal);
      const outcome =
        (await this.#takeAll(reader, frames)) ?? (await this.#askParts(reader, position, parts, signal));
      if (outcome) return outcome;
      next = rest;
    } while (next !== null);
    this.#mustPull = false;
    await this.contact.succeeded();
    return 'loaded';
  }

  /** One answer of a load; a network that fails is tried again, so that one lost part is not the loss of all. */
  async #ask(position: Position, next: string | null, signal: AbortSignal): Promise<SyncPage> {
    const { contact } = this;
    for (let failures = 0; ; ) {
      try {
        const page = await contact.surroundings.api.pull({ ...position, next }, { signal });
        await contact.reached();
        return page;
      } catch (error) {
        failures += 1;
        if (signal.aborted || next === null || failures === triesOfPart) throw error;
        const kind = await contact.failed(error);
        if (kind !== 'network' && kind !== 'retry') throw error;
        await contact.pause(failures);
      }
    }
  }

  /**
   * Asks for several parts at once, so that the server works on one while another is on its way or read here.
   * Ends when all have ended: what comes later would find the database closed.
   */
  async #askParts(
    reader: FrameReader,
    position: Position,
    parts: readonly string[],
    signal: AbortSignal,
  ): Promise<Outcome | undefined> {
    const waiting = [...parts];
    let outcome: Outcome | undefined;
    const askOn = async (): Promise<void> => {
      for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
        const { frames } = await this.#ask(position, part, signal);
        const said = await this.#takeAll(reader, frames);
        // Only now: another part may have ended the load meanwhile, and that stands.
        outcome ??= said;
        if (outcome) waiting.length = 0;
      }
    };
    const asking = Array.from({ length: partsAtOnce }, () =>
      askOn().catch((error: unknown) => {
        waiting.length = 0;
        throw error;
      }),
    );
    for (const end of await Promise.allSettled(asking)) if (end.status === 'rejected') throw end.reason;
    return outcome;
  }

  async #takeAll(reader: FrameReader, frames: readonly SyncFrame[]): Promise<Outcome | undefined> {
    for (const frame of frames) {
      const outcome = await this.#take(reader.read(frame));
      if (outcome) return outcome;
    }
  }

  async #follow(position: Position, signal: AbortSignal): Promise<Outcome> {
    const { contact } = this;
    const streamId = newId('device').slice(-26);
    const reader = new FrameReader(position.cursor);
    const frames = await contact.surroundings.api.stream({ ...position, streamId }, { signal });
    await contact.reached();
    void this.#sendWatched(streamId, signal);
    for await (const frame of frames) {
      const outcome = await this.#take(reader.read(frame));
      if (outcome) return outcome;
      if (frame.kind !== 'cursor') continue;
      this.#pauses.reset();
      await contact.succeeded();
    }
    return 'pause';
  }

  /** What to do next when the connection is over with this event. */
  async #take(event: FrameEvent | undefined): Promise<Outcome | undefined> {
    const { contact, edits, events } = this;
    switch (event?.kind) {
      case 'batch': {
        const applied = await applyFrames(contact.db, edits, event.batch, contact.surroundings.now());
        for (const run of findEndedRuns(event.batch.frames)) events.ended(run);
        if (event.batch.from !== null && event.batch.frames.some(changesRights)) this.#askAgain();
        if (applied.renewed) contact.onRenewed();
        return applied.stored ? undefined : 'again';
      }
      case 'chunk':
        events.chunk(event);
        return;
      case 'reset':
        // The rows stay until a new load is complete and replaces them all, so nobody sees an empty school.
        await writeMeta(contact.db, 'position', { cursor: null, scopes: [] });
        events.reset();
        return 'again';
      case 'pull':
        this.#mustPull = true;
        return 'again';
      case 'end':
        if (event.reason === 'shutdown') return 'farewell';
        await contact.signOut();
        return 'pause';
    }
  }

  /** Keeps the server told which runs this stream shall carry, for as long as the stream lives. */
  async #sendWatched(streamId: string, signal: AbortSignal): Promise<void> {
    const { contact, events } = this;
    let told = '';
    this.#watchedIsOld = false;
    const pauses = new Pauses(contact);
    while (!signal.aborted) {
      const runIds = events.watched().sort().slice(0, mostWatched);
      try {
        const old = this.#watchedIsOld && runIds.length > 0;
        this.#watchedIsOld = false;
        if (old || runIds.join() !== told)
          await contact.surroundings.api.watch({ streamId, runIds }, { signal });
        told = runIds.join();
        pauses.reset();
        await this.#watchChanged.called(signal);
      } catch {
        this.#watchedIsOld = true;
        await pauses.next();
      }
    }
  }
}
