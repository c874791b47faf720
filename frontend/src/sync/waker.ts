/** Lets several wait for one call. Whoever comes later waits for the next, save after {@link ring}. */
export class Waker {
  readonly #waiting = new Set<() => void>();
  #rung = false;

  wake(): void {
    for (const resolve of [...this.#waiting]) resolve();
  }

  /** Wakes, and is remembered for whoever waits next when nobody does now. */
  ring(): void {
    if (this.#waiting.size === 0) this.#rung = true;
    this.wake();
  }

  /** Also resolves when `signal` is aborted. */
  async called(signal: AbortSignal): Promise<void> {
    if (this.#rung || signal.aborted) {
      this.#rung = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }
}
