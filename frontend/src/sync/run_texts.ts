import type { ChunkFrame } from './frame_reader';

/** `seq`: the last chunk that is in `text`. */
export type RunText = { attempt: number; seq: number; text: string };

/**
 * The text of runs that are under way, in memory only. A higher attempt starts anew: another worker took
 * over, and what the first one wrote is void. A chunk that was seen is ignored, so replays do no harm.
 */
export class RunTexts {
  readonly #texts = new Map<string, RunText>();
  readonly #listeners = new Set<() => void>();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same object until the text changes. */
  get(runId: string): RunText | undefined {
    return this.#texts.get(runId);
  }

  entries(): [runId: string, text: RunText][] {
    return [...this.#texts];
  }

  /** Whether the chunk brought something new. */
  accept({ runId, attempt, seq, text }: ChunkFrame): boolean {
    const known = this.#texts.get(runId);
    if (known && (attempt < known.attempt || (attempt === known.attempt && seq <= known.seq))) return false;
    const before = known?.attempt === attempt ? known.text : '';
    this.#texts.set(runId, { attempt, seq, text: before + text });
    this.#tell();
    return true;
  }

  /** Takes over what the leader has, which is at least as much as came here chunk by chunk. */
  adopt(entries: [runId: string, text: RunText][]): void {
    for (const [runId, text] of entries) {
      const known = this.#texts.get(runId);
      const ahead =
        !known || text.attempt > known.attempt || (text.attempt === known.attempt && text.seq >= known.seq);
      if (ahead) this.#texts.set(runId, text);
    }
    this.#tell();
  }

  /** Forgets a run whose end is stored as rows, unless a later attempt is under way. */
  forget(runId: string, attempt: number): void {
    const known = this.#texts.get(runId);
    if (!known || known.attempt > attempt) return;
    this.#texts.delete(runId);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
