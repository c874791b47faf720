const minute = 60_000;
const day = 24 * 60 * minute;

/** How long a session lasts when it is not used, in milliseconds. */
export const sessionMs = 30 * day;
/** When less than this is left, its use extends it. */
const extendBelowMs = sessionMs / 2;
/** However much it is used, after this one signs in again. */
export const absoluteMs = 90 * day;
/** On a device that others use too, or may use, this long without a request ends it. */
export const idleMs = 20 * minute;
/** How exactly the last use is kept, so that a busy browser does not write on every request. */
export const activityMs = minute;

export type SessionTimes = {
  createdAt: number;
  /** the last use, to {@link activityMs} */
  updatedAt: number;
  expiresAt: number;
  deviceContext: string;
};

/** How long somebody may do nothing on such a device; null where nobody else comes. */
export function idleLimit(deviceContext: string): number | null {
  return deviceContext === 'personal' ? null : idleMs;
}

/** When a session ends unless it is used before, in milliseconds since 1970. */
export function sessionEnd({ createdAt, updatedAt, expiresAt, deviceContext }: SessionTimes): number {
  const idleEnd = updatedAt + (idleLimit(deviceContext) ?? Number.POSITIVE_INFINITY);
  return Math.min(expiresAt, createdAt + absoluteMs, idleEnd);
}

/**
 * The new `expiresAt` of a session that is used now, or null when it keeps the one it has. One that was made
 * for a browser's lifetime ("do not remember me", a day) is never extended.
 */
export function extendedExpiry({ createdAt, expiresAt }: SessionTimes, now: number): number | null {
  const remembered = expiresAt - createdAt > sessionMs - minute;
  const latest = createdAt + absoluteMs;
  if (!remembered || expiresAt - now >= extendBelowMs || expiresAt >= latest) return null;
  return Math.min(now + sessionMs, latest);
}
