import type { TaskConfig } from 'pg-tbus';

export interface RetryPolicy {
  /** attempts after the first; 0 for a task that must not be repeated */
  limit: number;
  delaySeconds: number;
  /** doubles the delay with every attempt and adds up to as much again by chance; an hour at most */
  backoff: boolean;
}

/** How often a task is tried and how long one attempt may take. */
export interface AttemptPolicy {
  retry?: RetryPolicy;
  /** After this many seconds the signal is aborted and the attempt counts as failed; 300 unless given. */
  deadlineSeconds?: number;
}

/** How long an aborted handler has to come to an end before its slot is given away. */
export const abortGraceSeconds = 5;

/**
 * A worker that lives but has lost its timer must not keep a task for ever. It comes a minute after the
 * worker's own deadline, so that it only ever strikes when that has failed.
 */
const databaseMarginSeconds = 60;

const keepSeconds = 7 * 24 * 3600;
const longestDeadlineSeconds = 20 * 24 * 3600; // Node's timers end at 24.8 days

/** The policy in pg-tbus's words. */
export function toTaskConfig(
  name: string,
  policy: AttemptPolicy,
): Partial<TaskConfig> & { deadlineSeconds: number } {
  const { retry = { limit: 3, delaySeconds: 5, backoff: true }, deadlineSeconds = 300 } = policy;
  if (!(deadlineSeconds > 0 && deadlineSeconds <= longestDeadlineSeconds)) {
    throw new Error(`${name}: deadlineSeconds must lie between 0 and ${longestDeadlineSeconds}`);
  }
  return {
    deadlineSeconds,
    retryLimit: retry.limit,
    retryDelay: Math.ceil(retry.delaySeconds),
    retryBackoff: retry.backoff,
    expireInSeconds: Math.ceil(deadlineSeconds) + databaseMarginSeconds,
    keepInSeconds: keepSeconds,
  };
}
