/** In a rush some more ask with every turn of the event loop: they are gathered for so long, and who asks alone waits for nobody. */
const gatherMs = 5;

type Waiting<V> = { resolve(value: V | undefined): void; reject(error: unknown): void };

/**
 * Asks once for many: what is wanted while an answer is under way waits for it and is then asked for together.
 * An answer is never older than the call that gets it.
 */
export class Batcher<K, V> {
  private wanted = new Map<K, Waiting<V>[]>();
  private asking = false;
  /** by `performance.now()` */
  private askedAt = Number.NEGATIVE_INFINITY;

  /** @param ask answers for each key it knows; a key it leaves out gets undefined */
  constructor(private readonly ask: (keys: K[]) => Promise<ReadonlyMap<K, V>>) {}

  get(key: K): Promise<V | undefined> {
    return new Promise((resolve, reject) => {
      const waiting = this.wanted.get(key);
      if (waiting) waiting.push({ resolve, reject });
      else this.wanted.set(key, [{ resolve, reject }]);
      if (this.asking) return;
      this.asking = true;
      // Whoever asks in the same turn of the event loop goes along.
      setImmediate(() => void this.work());
    });
  }

  private async work(): Promise<void> {
    while (this.wanted.size > 0) {
      const rest = this.askedAt + gatherMs - performance.now();
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      this.askedAt = performance.now();
      const batch = this.wanted;
      this.wanted = new Map();
      try {
        const answers = await this.ask([...batch.keys()]);
        for (const [key, waiting] of batch) for (const each of waiting) each.resolve(answers.get(key));
      } catch (error) {
        for (const waiting of batch.values()) for (const each of waiting) each.reject(error);
      }
    }
    this.asking = false;
  }
}
