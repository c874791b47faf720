/** Kept for all tabs: whoever works in one is there in the others too. */
const key = 'rapt.last_touch';
/** How long the question stands before the sign-out. */
const warnMs = 60_000;
/** How often, at most, the server is told that somebody is there. */
const aliveEveryMs = 60_000;
/** How exactly the last touch is kept. */
const touchEveryMs = 1_000;

type Surroundings = {
  idleMs: number;
  storage: Pick<Storage, 'getItem' | 'setItem'>;
  now: () => number;
  /** tells the server that somebody is there */
  alive: () => void;
};

/** When somebody last touched this device, and how long they have until they count as gone. */
export class IdleWatch {
  #told: number;

  constructor(readonly surroundings: Surroundings) {
    this.#told = surroundings.now();
    this.#remember(this.#told);
  }

  /** A key or a finger. Once the question stands only its answer counts: somebody else may have sat down. */
  touch(): void {
    const now = this.surroundings.now();
    if (this.secondsLeft() !== null || now - this.#last() < touchEveryMs) return;
    this.#remember(now);
    this.#tell(now);
  }

  /** The question was answered. */
  stay(): void {
    const now = this.surroundings.now();
    this.#remember(now);
    this.#told = 0;
    this.#tell(now);
  }

  /** Whole seconds until the sign-out; null while nobody needs to be asked. */
  secondsLeft(): number | null {
    const { idleMs, now } = this.surroundings;
    const leftMs = this.#last() + idleMs - now();
    // Of a very short time the whole half of it is the question.
    if (leftMs > Math.min(warnMs, idleMs / 2)) return null;
    return Math.max(0, Math.ceil(leftMs / 1_000));
  }

  #tell(now: number): void {
    if (now - this.#told < Math.min(aliveEveryMs, this.surroundings.idleMs / 4)) return;
    this.#told = now;
    this.surroundings.alive();
  }

  #last(): number {
    return Number(this.surroundings.storage.getItem(key) ?? 0);
  }

  #remember(now: number): void {
    this.surroundings.storage.setItem(key, String(now));
  }
}
