import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff';

describe('backoffMs', () => {
  it('E5 doubles from half a second to half a minute, half of it at random', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((failures) =>
      Math.round(backoffMs(failures, 0.999_999)),
    );
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(backoffMs(1, 0)).toBe(250);
    expect(backoffMs(50, 0)).toBe(15_000);
  });
});
