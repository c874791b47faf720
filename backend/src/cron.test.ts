import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startCron } from './cron';
import type { Query } from './events/query';
import { createLogger } from './lib/logger';

const logger = createLogger('silent');
/** Every slot is ours. */
const query: Query = async () => ({ rows: [{ name: 'ours' }], rowCount: 1 });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a job that takes longer than its slot is not begun beside itself, and one that fails is begun again', async () => {
  let begun = 0;
  let end = () => {};
  const slow = async () => {
    begun++;
    await new Promise<void>((done) => {
      end = done;
    });
  };
  let failed = 0;
  const failing = async () => {
    failed++;
    throw new Error('no good');
  };
  const stop = startCron(
    [
      { name: 'slow', everySeconds: 10, run: slow },
      { name: 'failing', everySeconds: 10, run: failing },
    ],
    { query, alone: (_, work) => work().then(() => true), logger },
  );
  await vi.advanceTimersByTimeAsync(35_000);
  expect(begun).toBe(1);
  expect(failed).toBeGreaterThanOrEqual(3);
  end();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(begun).toBe(2);
  end();
  await stop();
});
