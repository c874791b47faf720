import { setTimeout as sleep } from 'node:timers/promises';
import { Dexie } from 'dexie';
import type { Device, Shown } from './device';

/** How long a look waits for a change at most. */
const glanceMs = 50;

let changes = 0;
const waiting = new Set<() => void>();
Dexie.on('storagemutated', () => {
  changes += 1;
  for (const wake of waiting) wake();
  waiting.clear();
});

/** Looks at a device after everything that was written there, as a person does who does not look away. */
export class StateWatch<T> {
  #over = false;
  readonly #running: Promise<void>;

  /**
   * @param before asked when a look begins: what must be seen by then
   * @param look `isNew`: a moment of the database that was not looked at yet, whose rows are all there
   */
  constructor(
    readonly device: Device,
    readonly before: () => T,
    readonly look: (shown: Shown, before: T, isNew: boolean) => void,
  ) {
    this.#running = this.#watch();
  }

  stop(): Promise<void> {
    this.#over = true;
    return this.#running;
  }

  async #watch(): Promise<void> {
    let last = '';
    while (!this.#over) {
      const known = changes;
      const before = this.before();
      // A tab that crashes under the look shows nothing.
      const shown = await this.device.read().catch(() => undefined);
      if (shown) {
        const moment = `${shown.userId} ${shown.snapshot}`;
        const isNew = shown.snapshot !== null && moment !== last;
        if (isNew) last = moment;
        this.look(shown, before, isNew);
      }
      if (known === changes) {
        await Promise.race([new Promise<void>((wake) => waiting.add(wake)), sleep(glanceMs)]);
      }
    }
  }
}
