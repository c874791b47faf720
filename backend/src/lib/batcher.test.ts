import { expect, test, vi } from 'vitest';
import { Batcher } from './batcher';

/** Answers when it is told to. */
function heldBatcher() {
  const asked: string[][] = [];
  const release: (() => void)[] = [];
  const batcher = new Batcher<string, string>(async (keys) => {
    asked.push(keys);
    await new Promise<void>((resolve) => release.push(resolve));
    return new Map(keys.filter((key) => key !== 'unknown').map((key) => [key, key.toUpperCase()]));
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
  return { asked, batcher, settle, answer: () => release.shift()?.() };
}

test('what is wanted while an answer is under way is asked for together, and never served by the earlier one', async () => {
  const { asked, batcher, settle, answer } = heldBatcher();
  const first = batcher.get('a');
  await settle();
  const later = [batcher.get('a'), batcher.get('b'), batcher.get('unknown')];
  answer();
  expect(await first).toBe('A');
  await settle();
  answer();
  expect(await Promise.all(later)).toEqual(['A', 'B', undefined]);
  expect(asked).toEqual([['a'], ['a', 'b', 'unknown']]);
});

test('in a rush those who ask a moment after each other are asked for together; who asks alone waits for nobody', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  try {
    const asked: string[][] = [];
    const batcher = new Batcher<string, string>(async (keys) => {
      asked.push(keys);
      return new Map();
    });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    await batcher.get('alone');
    const rush = ['b', 'c', 'd'].map(async (key, at) => {
      for (let turns = 0; turns < at * 3; turns++) await turn();
      await batcher.get(key);
    });
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(asked).toEqual([['alone']]);
    vi.advanceTimersByTime(5);
    await Promise.all(rush);
    vi.advanceTimersByTime(1_000);
    await batcher.get('alone again');
    expect(asked).toEqual([['alone'], ['b', 'c', 'd'], ['alone again']]);
  } finally {
    vi.useRealTimers();
  }
});

test('a failure reaches those who asked, and the next ones are served', async () => {
  let failing = true;
  const batcher = new Batcher<string, number>(async (keys) => {
    if (failing) throw new Error('gone');
    return new Map(keys.map((key) => [key, 1]));
  });
  await expect(batcher.get('a')).rejects.toThrow('gone');
  failing = false;
  expect(await batcher.get('a')).toBe(1);
});
