/** After the first crash a module rests this long, after each further one twice as long, up to the longest. */
const shortestRestMs = 1_000;
const longestRestMs = 30_000;
const mostCrashes = 5;

/**
 * Whether a module may be called. A crash is a limit it met or a thread it ended; that it throws is its answer to
 * one text, and says nothing about the next.
 */
export class ModuleHealth {
  /** in a row */
  crashes = 0;
  restsUntil = 0;

  get disabled(): boolean {
    return this.crashes >= mostCrashes;
  }

  mayRun(now: number): boolean {
    return !this.disabled && now >= this.restsUntil;
  }

  crashed(now: number): void {
    this.crashes++;
    this.restsUntil = now + Math.min(longestRestMs, shortestRestMs * 2 ** (this.crashes - 1));
  }

  answered(): void {
    this.crashes = 0;
    this.restsUntil = 0;
  }
}
