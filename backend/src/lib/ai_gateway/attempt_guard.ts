import type { AiFault } from './ai_error';

/**
 * The one way an attempt is ended early. Whoever is first, the caller's signal or a deadline, names the fault
 * and aborts; later ones change nothing, so the reason that is reported is the one that really ended it.
 */
export type AttemptGuard = {
  /** hand this to the client: aborting it closes the socket */
  signal: AbortSignal;
  /** why the attempt was ended, or null while it was not */
  fault(): AiFault | null;
  stop(fault: AiFault): void;
  /** starts or restarts the deadline of that name */
  arm(name: string, afterMs: number, fault: AiFault): void;
  /** lets it rest until it is armed again */
  disarm(name: string): void;
  /** to be called at the end, always: frees timers and listener */
  release(): void;
};

type Deadline = { timer: NodeJS.Timeout; afterMs: number; fault: AiFault; rests: boolean };

export function createAttemptGuard(outer: AbortSignal): AttemptGuard {
  const controller = new AbortController();
  const deadlines = new Map<string, Deadline>();
  let named: AiFault | null = null;
  const stop = (fault: AiFault) => {
    named ??= fault;
    controller.abort();
  };
  const onOuterAbort = () => stop({ code: 'cancelled', retryable: false, detail: 'stopped by the caller' });
  if (outer.aborted) onOuterAbort();
  else outer.addEventListener('abort', onOuterAbort, { once: true });
  return {
    signal: controller.signal,
    fault: () => named,
    stop,
    arm(name, afterMs, fault) {
      const armed = deadlines.get(name);
      // Restarting a timer is far cheaper than a new one, and this happens for every chunk.
      if (armed?.afterMs === afterMs) {
        Object.assign(armed, { fault, rests: false });
        armed.timer.refresh();
        return;
      }
      clearTimeout(armed?.timer);
      const timer = setTimeout(() => {
        if (!deadline.rests) stop(deadline.fault);
      }, afterMs);
      const deadline: Deadline = { timer, afterMs, fault, rests: false };
      deadlines.set(name, deadline);
    },
    disarm(name) {
      const armed = deadlines.get(name);
      if (armed) armed.rests = true;
    },
    release() {
      for (const { timer } of deadlines.values()) clearTimeout(timer);
      deadlines.clear();
      outer.removeEventListener('abort', onOuterAbort);
    },
  };
}
