/** After the first crash a module rests this long, after each further one twice as long, up to the longest. */
const shortestRestMs = 1_000;
const longestRestMs = 30_000;
const mostCrashes = 5;
/** Of those whose texts it crashed at; beyond, the oldest are forgiven. */
const mostRemembered = 500;

const restMs = (crashes: number) => Math.min(longestRestMs, shortestRestMs * 2 ** (crashes - 1));

type Rest = { crashes: number; until: number };

/**
 * Whether a module may be called. A crash is a limit it met or a thread it ended; that it throws is its answer to
 * one text, and says nothing about the next. At the texts of one person it may crash as often as that person
 * likes: then it rests for them. It is ill when it crashes at the texts of several in a row, and only then it
 * rests, and is disabled, for everybody; or a pupil could switch off a school's filter.
 */
export class ModuleHealth {
  /** whose texts it crashed at since it last answered; whoever is nobody we know is somebody else each time */
  private readonly inRow = new Set<string | symbol>();
  private readonly restsFor = new Map<string, Rest>();
  /** for everybody */
  restsUntil = 0;

  /** in a row, each person's counted once */
  get crashes(): number {
    return this.inRow.size;
  }

  get disabled(): boolean {
    return this.crashes >= mostCrashes;
  }

  /** @param person asks; without one, whether it may be called for anybody else */
  mayRun(now: number, person?: string): boolean {
    const own = person === undefined ? undefined : this.restsFor.get(person);
    return !this.disabled && now >= this.restsUntil && now >= (own?.until ?? 0);
  }

  crashed(now: number, person?: string): void {
    if (person !== undefined) this.restFor(person, now);
    if (person !== undefined && this.inRow.has(person)) return;
    this.inRow.add(person ?? Symbol('nobody we know'));
    if (person === undefined || this.crashes > 1) this.restsUntil = now + restMs(this.crashes);
  }

  /** @returns whether it was ill before */
  answered(person?: string): boolean {
    const wasIll = this.crashes > 0;
    if (person !== undefined) this.restsFor.delete(person);
    this.inRow.clear();
    this.restsUntil = 0;
    return wasIll;
  }

  revive(): void {
    this.answered();
    this.restsFor.clear();
  }

  private restFor(person: string, now: number): void {
    const crashes = (this.restsFor.get(person)?.crashes ?? 0) + 1;
    // The newest stand last.
    this.restsFor.delete(person);
    this.restsFor.set(person, { crashes, until: now + restMs(crashes) });
    const [oldest] = this.restsFor.keys();
    if (this.restsFor.size > mostRemembered && oldest !== undefined) this.restsFor.delete(oldest);
  }
}
