import { expect, test } from 'vitest';
import { Turnstile } from './turnstile';

test('never more are inside than there are places, the first to come are the first to enter, and a failure gives up its place', async () => {
  const turnstile = new Turnstile(2);
  const entered: number[] = [];
  let inside = 0;
  let most = 0;
  const results = await Promise.allSettled(
    Array.from({ length: 7 }, (_, at) =>
      turnstile.pass(async () => {
        entered.push(at);
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
        if (at % 3 === 0) throw new Error('failed');
        return at;
      }),
    ),
  );
  expect(most).toBe(2);
  expect(entered).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(3);
});
