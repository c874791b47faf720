import { ORPCError } from '@orpc/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { whenAllowed } from './when_allowed';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const tooMany = (retryAfter: number) =>
  new ORPCError('RATE_LIMIT_EXCEEDED', { status: 429, data: { details: { retryAfter } } });

it('makes a call that came too early again, when the server said it may be', async () => {
  const call = vi
    .fn()
    .mockRejectedValueOnce(tooMany(40))
    .mockRejectedValueOnce(tooMany(5))
    .mockResolvedValue(7);
  const answer = whenAllowed(call);
  await vi.advanceTimersByTimeAsync(39_000);
  expect(call).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(call).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await answer).toBe(7);
});

it('throws every other failure at once', async () => {
  const taken = new ORPCError('CONFLICT', { status: 409 });
  const call = vi.fn().mockRejectedValue(taken);
  await expect(whenAllowed(call)).rejects.toBe(taken);
  await expect(whenAllowed(() => Promise.reject(new TypeError('fetch failed')))).rejects.toThrow('fetch');
  expect(call).toHaveBeenCalledTimes(1);
});

it('waits no longer when it is told to stop, and does not call again', async () => {
  const call = vi.fn().mockRejectedValue(tooMany(40));
  const stop = new AbortController();
  const answer = whenAllowed(call, stop.signal);
  const refused = expect(answer).rejects.toBe('enough');
  await vi.advanceTimersByTimeAsync(1_000);
  stop.abort('enough');
  await refused;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(call).toHaveBeenCalledTimes(1);
});
