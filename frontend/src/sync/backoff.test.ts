import { describe, expect, it } from 'vitest';
import { backoffMs, spreadMs } from './backoff';
import { seededRandom } from './test/fake_browser';

const school = 5_000;

/** How many of so many browsers come in the fullest tenth of a second, given when each comes, in ms. */
function fullestTenth(arrivals: number[]): number {
  const counts = new Map<number, number>();
  for (const at of arrivals) {
    const tenth = Math.floor(at / 100);
    counts.set(tenth, (counts.get(tenth) ?? 0) + 1);
  }
  return Math.max(...counts.values());
}

describe('backoffMs', () => {
  it('E5 doubles from half a second to half a minute, half of it at random', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 1_000].map((failures) =>
      Math.round(backoffMs(failures, 0.999_999)),
    );
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(backoffMs(1, 0)).toBe(250);
    expect(backoffMs(50, 0)).toBe(15_000);
  });

  it.each([1, 2, 5, 9])(
    'E5 after %i failures every moment of the random half is as likely as any other',
    (failures) => {
      const random = seededRandom(failures);
      const shortest = backoffMs(failures, 0);
      const tenths = new Array<number>(10).fill(0);
      for (let at = 0; at < 20_000; at++) {
        const tenth = Math.floor(((backoffMs(failures, random()) - shortest) / shortest) * 10);
        tenths[tenth] = (tenths[tenth] ?? 0) + 1;
      }
      // 2,000 expected; 200 is more than four standard deviations
      for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200);
    },
  );

  it.each([
    [3, 0.1],
    [10, 0.05],
    [60, 0.02],
  ])('C3 a school does not come back at once after %i s without a server', (awaySeconds, mostAtOnce) => {
    const random = seededRandom(awaySeconds);
    const arrivals = Array.from({ length: school }, () => {
      let at = 0;
      for (let failures = 1; at < awaySeconds * 1_000; failures++) at += backoffMs(failures, random());
      return at;
    });
    expect(fullestTenth(arrivals)).toBeLessThan(school * mostAtOnce);
  });
});

describe('spreadMs', () => {
  it.each([
    ['farewell', 3_000],
    ['network_back', 1_000],
  ] as const)('C3 those who hear of a %s together come evenly over %i ms', (news, over) => {
    const random = seededRandom(over);
    const arrivals = Array.from({ length: school }, () => spreadMs(news, random()));
    expect(Math.max(...arrivals)).toBeLessThan(over);
    expect(fullestTenth(arrivals)).toBeLessThan((school / (over / 100)) * 1.3);
  });
});
