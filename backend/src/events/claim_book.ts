import type { Envelope } from './envelope';

export type Outcome =
  | { ok: true; output: string | null }
  | { ok: false; code: string; message: string; final: boolean };

/** One attempt at a task, from its claim to its settlement. */
export interface Claim {
  /** `<uuid>/<attempt>`: pg-tbus knows it as the task's id, which keeps two attempts at one task apart */
  key: string;
  taskUuid: string;
  taskName: string;
  queue: string;
  attempt: number;
  maxAttempts: number;
  envelope: Envelope;
  controller: AbortController;
  claimedAt: number;
  /** false until its handler is called */
  started: boolean;
  /** an attempt that lasts is shown in the log while it runs */
  shown: boolean;
  outcome: Outcome | undefined;
}

/** What this process has claimed and not yet settled. */
export class ClaimBook {
  readonly #claims = new Map<string, Claim>();
  readonly #byEnvelope = new WeakMap<object, Claim>();

  enter(claim: Claim): void {
    this.#claims.set(claim.key, claim);
    this.#byEnvelope.set(claim.envelope, claim);
  }

  /** Undefined when it was settled or given up before. */
  find(key: string): Claim | undefined {
    return this.#claims.get(key);
  }

  /** Only when the database has recorded it: what is not in here is given back as forgotten. */
  strike(claims: Claim[]): void {
    for (const { key } of claims) this.#claims.delete(key);
  }

  /** pg-tbus hands a handler the very object we gave it, and nothing else. */
  ofEnvelope(envelope: object): Claim | undefined {
    return this.#byEnvelope.get(envelope);
  }

  all(): Claim[] {
    return [...this.#claims.values()];
  }

  /** Aborts whatever runs for a task. */
  abort(taskUuid: string, reason: Error): void {
    for (const claim of this.#claims.values()) {
      if (claim.taskUuid === taskUuid) claim.controller.abort(reason);
    }
  }
}
