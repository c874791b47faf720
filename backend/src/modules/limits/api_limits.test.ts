import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createSystemPool } from '../../db/create_system_pool';
import { AppError } from '../../lib/app_error';
import { createTestDatabase } from '../../test/database';
import { ApiLimits } from './api_limits';
import { createMailLimit } from './mail_limit';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createSystemPool(database.url, 'test-limits', 2);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const somebody = () => `user:${newId('user')}`;
/** How many of so many calls pass. */
function passed(limits: ApiLimits, key: string, calls: number, limit: number): number {
  let count = 0;
  for (let at = 0; at < calls; at++) {
    try {
      limits.take(key, limit);
      count++;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return count;
}
const stored = async (key: string) => {
  const { rows } = await pool.query<{ points: number }>('select points from rate_limits where key = $1', [
    `api:${key}`,
  ]);
  return rows[0]?.points ?? 0;
};

test('of many calls at once exactly the limit passes, and the refusal says what, until when and how long', () => {
  const limits = new ApiLimits(pool);
  const key = somebody();
  expect(limits.take(key, 50)).toMatchObject({ limit: 50, remaining: 49 });
  expect(passed(limits, key, 200, 50)).toBe(49);
  const before = Date.now();
  const refusal = () => limits.take(key, 50);
  expect(refusal).toThrow(/^Too many requests. Wait \d+ seconds/);
  try {
    refusal();
  } catch (error) {
    const details = error instanceof AppError ? error.details : undefined;
    expect(details).toEqual({
      limit: 50,
      remaining: 0,
      resetAt: expect.any(Number),
      retryAfter: expect.any(Number),
    });
    const { resetAt, retryAfter } = details as { resetAt: number; retryAfter: number };
    expect(resetAt).toBeGreaterThan(before);
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(retryAfter).toBeLessThanOrEqual(60);
  }
  expect(limits.take(somebody(), 50).remaining).toBe(49);
});

test('who calls little costs no statement; every tenth of a limit is handed in', async () => {
  const asked = vi.spyOn(pool, 'query');
  const limits = new ApiLimits(pool);
  const [little, much] = [somebody(), somebody()];
  expect(passed(limits, little, 9, 100)).toBe(9);
  expect(asked).not.toHaveBeenCalled();
  asked.mockRestore();
  for (let round = 1; round <= 3; round++) {
    passed(limits, much, 10, 100);
    await vi.waitFor(async () => expect(await stored(much)).toBe(round * 10));
  }
  expect(await stored(little)).toBe(0);
});

test('processes share their counts, to a tenth of the limit for each', async () => {
  const [one, other, third] = [new ApiLimits(pool), new ApiLimits(pool), new ApiLimits(pool)];
  const key = somebody();
  expect(passed(one, key, 40, 40)).toBe(40);
  await vi.waitFor(async () => expect(await stored(key)).toBe(40));
  for (const [at, limits] of [other, third].entries()) {
    // It learns of the others with its first tenth.
    expect(passed(limits, key, 4, 40)).toBe(4);
    await vi.waitFor(async () => expect(await stored(key)).toBe(44 + at * 4));
    await vi.waitFor(() => expect(() => limits.take(key, 40)).toThrow(AppError));
  }
});

test('a window that is over begins anew', () => {
  const limits = new ApiLimits(pool);
  const key = somebody();
  const clock = vi.spyOn(Date, 'now');
  const now = Date.now();
  expect(passed(limits, key, 9, 5)).toBe(5);
  clock.mockReturnValue(now + 61_000);
  expect(passed(limits, key, 9, 5)).toBe(5);
  clock.mockRestore();
});

test('callers are forgotten when their window is over, and never more are kept than may be; who calls on keeps the count', () => {
  const most = 1_000;
  const limits = new ApiLimits(pool, most);
  const loud = somebody();
  expect(passed(limits, loud, 3, 50)).toBe(3);
  let largest = 0;
  // Each from a network of its own, as a flood from a provider's whole range would be.
  for (let at = 0; at < 20 * most; at++) {
    limits.take(`ip:2001:db8:${at.toString(16)}::/64`, 50);
    largest = Math.max(largest, limits.size);
    if (at % 100 === 0) limits.take(loud, 5_000);
  }
  expect(largest).toBeLessThanOrEqual(most);
  expect(limits.take(loud, 5_000).remaining).toBe(5_000 - 3 - (20 * most) / 100 - 1);

  const clock = vi.spyOn(Date, 'now');
  const now = Date.now();
  for (const minutes of [1, 2]) {
    clock.mockReturnValue(now + minutes * 61_000);
    limits.take(somebody(), 50);
  }
  clock.mockRestore();
  expect(limits.size).toBe(2);
});

test('while the database is away nobody is refused for it, and a flood still is', async () => {
  const nowhere = createSystemPool('postgres://x:y@127.0.0.1:1/none', 'test-nowhere', 1);
  const limits = new ApiLimits(nowhere);
  const key = somebody();
  expect(passed(limits, key, 30, 50)).toBe(30);
  await new Promise((resolve) => setImmediate(resolve));
  expect(passed(limits, key, 200, 50)).toBe(20);
  await nowhere.end();
});

test('five mails an hour go to one address, wherever they are asked for', async () => {
  const limit = createMailLimit(pool);
  for (let at = 0; at < 5; at++) await limit.take('nia@alder.example', `198.51.100.${at}`);
  await expect(limit.take('nia@alder.example', '198.51.100.99')).rejects.toMatchObject({
    code: 'RATE_LIMIT_EXCEEDED',
    details: { limit: 5, remaining: 0 },
  });
  await limit.take('bo@alder.example', '198.51.100.99');
});
