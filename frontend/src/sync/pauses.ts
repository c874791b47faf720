import type { ServerContact } from './server_contact';

/**
 * The pauses of one loop between two tries. They double while it fails, and begin small again with news of the
 * network, also when the news came in the middle of a try that began before it and fails for what was then.
 */
export class Pauses {
  #failures = 0;
  #resumes: number;

  constructor(readonly contact: ServerContact) {
    this.#resumes = contact.resumes;
  }

  /** Something went well. */
  reset(): void {
    this.#failures = 0;
  }

  /** Counts a failure; how many there were in a row. */
  count(): number {
    if (this.#resumes !== this.contact.resumes) this.#failures = 0;
    this.#resumes = this.contact.resumes;
    this.#failures += 1;
    return this.#failures;
  }

  /** Counts a failure and waits its time. */
  async next(): Promise<void> {
    await this.contact.pause(this.count());
  }
}
