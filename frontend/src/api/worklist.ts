import { classifyFailure } from './classify_failure';
import { ProofDeclined } from './fresh_session';
import { readFailure } from './read_failure';

/** What became of an item; one without an outcome still waits. */
export type Outcome<Result> = { name: 'done'; result: Result } | { name: 'refused'; problem: string };

export type Work<Item, Result> = {
  outcomes: ReadonlyMap<Item, Outcome<Result>>;
  running: boolean;
  /** why it stopped while items still waited, in words */
  stopped: string | null;
};

/** What the server says about the item itself, and would say again. Anything else concerns all that wait. */
const ofTheItem: ReadonlySet<string> = new Set(['refused', 'forbidden', 'too_large']);

const byHand = 'You stopped it.';

/**
 * One call for each of many items, one after another. A refusal is that item's outcome, and the next one is taken;
 * at any other failure, and when it is told to, it stops, and what has no outcome yet can be taken up again.
 */
export class Worklist<Item, Result> {
  private work: Work<Item, Result> = { outcomes: new Map(), running: false, stopped: null };
  private stopper = new AbortController();
  private readonly listeners = new Set<() => void>();

  /** @param perform the signal is for its waiting: a call that is on its way is never cut off */
  constructor(private readonly perform: (item: Item, signal: AbortSignal) => Promise<Result>) {}

  readonly read = (): Work<Item, Result> => this.work;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Takes up those of `items` that wait; while it runs this does nothing. */
  async run(items: readonly Item[]): Promise<void> {
    if (this.work.running) return;
    this.stopper = new AbortController();
    this.show({ running: true, stopped: null });
    const stopped = await this.takeUp(items, this.stopper.signal);
    this.show({ running: false, stopped });
  }

  /** What is on its way is waited for, since it may have happened; nothing more is begun. */
  stop(): void {
    this.stopper.abort();
  }

  private async takeUp(items: readonly Item[], signal: AbortSignal): Promise<string | null> {
    for (const item of items) {
      if (this.work.outcomes.has(item)) continue;
      if (signal.aborted) return byHand;
      try {
        this.note(item, { name: 'done', result: await this.perform(item, signal) });
      } catch (failure) {
        if (failure instanceof ProofDeclined) return 'It needs you to show who you are.';
        const own = ofTheItem.has(classifyFailure(failure));
        if (!own) return signal.aborted ? byHand : readFailure(failure);
        this.note(item, { name: 'refused', problem: readFailure(failure) });
      }
    }
    return null;
  }

  private note(item: Item, outcome: Outcome<Result>): void {
    this.show({ outcomes: new Map(this.work.outcomes).set(item, outcome) });
  }

  private show(changes: Partial<Work<Item, Result>>): void {
    this.work = { ...this.work, ...changes };
    for (const listener of this.listeners) listener();
  }
}
