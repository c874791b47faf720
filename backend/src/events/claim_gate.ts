/** A queue that missed its notification (a commit whose process died before telling) is looked at this often. */
const floorMs = 5_000;

/**
 * Holds a claim back until there may be something to claim. It remembers a wake that comes while nobody waits,
 * so none is lost between a claim's snapshot and the next wait.
 */
export class ClaimGate {
  #woken = true;
  #closed = false;
  #dueAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #resume: (() => void) | undefined;

  wake(): void {
    this.#woken = true;
    this.#letPass();
  }

  /** Says that something falls due in `ms`; an earlier time that is known stands. */
  wakeIn(ms: number): void {
    this.#dueAt = Math.min(this.#dueAt, Date.now() + Math.max(1, Math.ceil(ms)));
    if (this.#resume) this.#arm();
  }

  /** From now on nobody is held. */
  close(): void {
    this.#closed = true;
    this.#letPass();
  }

  /** Resolves at a wake, at the next due time, or after five seconds; one at a time may wait. */
  async pass(): Promise<void> {
    if (!this.#woken && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
        this.#arm();
      });
    }
    this.#woken = false;
    // Whoever passes looks at the table and learns the next due time from it.
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#letPass(), Math.max(0, Math.min(floorMs, this.#dueAt - Date.now())));
  }

  #letPass(): void {
    clearTimeout(this.#timer);
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }
}
