import { type OutboxBatch, takeBatch } from './outbox';
import { Pauses } from './pauses';
import type { ServerContact } from './server_contact';
import { Waker } from './waker';

/**
 * Sends the outbox, oldest first, one push at a time. What the answer says only tells where to continue: an
 * entry is done when its acknowledgement arrives with the rows it made.
 */
export class PushLoop {
  readonly #edited = new Waker();
  #settledMid = 0;
  #limit = 100;

  constructor(readonly contact: ServerContact) {}

  /** There may be something to send. */
  poke(): void {
    this.#edited.ring();
  }

  /** The server may know less than it did: send again whatever is not acknowledged. */
  forgetSettled(): void {
    this.#settledMid = 0;
    this.poke();
  }

  async run(): Promise<void> {
    const { contact } = this;
    const pauses = new Pauses(contact);
    while (!contact.signal.aborted) {
      try {
        await contact.ready();
        // A number is given for good, and with it goes the right to take an edit back: not while nobody hears it.
        if (contact.offline && (await contact.db.outbox.count()) > 0) await contact.probe();
        const batch = await takeBatch(contact.db, this.#settledMid, this.#limit);
        if (!batch) {
          await this.#edited.called(contact.signal);
          continue;
        }
        if (await this.#push(batch)) {
          pauses.reset();
          continue;
        }
      } catch (error) {
        if (contact.signal.aborted) return;
        if (await this.#recover(error)) continue;
      }
      await pauses.next();
    }
  }

  /** Whether the server settled anything of the batch. */
  async #push({ syncClientId, entries }: OutboxBatch): Promise<boolean> {
    const { contact } = this;
    const first = entries[0]?.sentMid ?? 0;
    const mutations = entries.map(({ sentMid, name, args }) => ({ mid: sentMid, name, args }));
    const { lastMid } = await contact.surroundings.api.push(
      { syncClientId, mutations },
      { signal: contact.signal },
    );
    await contact.reached();
    if (lastMid + 1 < first) {
      // It has forgotten what it acknowledged (a restored backup) and would wait for the gap for ever.
      this.#settledMid = 0;
      await contact.renew(true);
      return false;
    }
    await contact.succeeded();
    this.#limit = 100;
    this.#settledMid = Math.max(this.#settledMid, lastMid);
    return lastMid >= first;
  }

  /** Whether the same can be tried otherwise at once. */
  async #recover(error: unknown): Promise<boolean> {
    const kind = await this.contact.failed(error);
    if (kind === 'too_large' && this.#limit > 1) {
      this.#limit = Math.ceil(this.#limit / 2);
      return true;
    }
    if (kind !== 'forbidden') return false;
    this.#settledMid = 0;
    // Fails only as the next push would, which then says so.
    await this.contact.renew(true).catch((again) => this.contact.failed(again));
    return false;
  }
}
