import { AppError } from '../../lib/app_error';

/** @param msBeforeNext until when, in milliseconds from now */
export function tooManyTries(limit: number, msBeforeNext: number): AppError {
  const retryAfter = Math.max(1, Math.ceil(msBeforeNext / 1_000));
  const wait = retryAfter === 1 ? 'a second' : `${retryAfter} seconds`;
  return new AppError('RATE_LIMIT_EXCEEDED', `Too many tries. Wait ${wait}, then try again.`, {
    limit,
    remaining: 0,
    resetAt: Date.now() + msBeforeNext,
    retryAfter,
  });
}

/** The headers of an answer that a limit stands over; `X-RateLimit-Reset` in seconds since 1970. */
export function limitHeaders(limit: number, remaining: number, resetAt: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.ceil(resetAt / 1_000)),
  };
}
