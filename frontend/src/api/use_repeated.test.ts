// @vitest-environment jsdom
import { act } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { mountHook } from '../test/mount_hook';
import { useAnswer } from './use_answer';
import { useRepeated } from './use_repeated';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

it('shows every answer though each takes longer than the pause, and asks one question at a time', async () => {
  let asked = 0;
  let open = 0;
  let most = 0;
  const ask = async () => {
    asked++;
    const mine = asked;
    open++;
    most = Math.max(most, open);
    await new Promise((resolve) => setTimeout(resolve, 600));
    open--;
    return mine;
  };
  const hook = mountHook((active: boolean) => {
    const { state, reload } = useAnswer(ask, 'run');
    useRepeated(reload, 400, active);
    return state;
  }, true);
  await hook.mounted;
  const shown = new Set<number>();
  for (let ms = 0; ms < 6_000; ms += 100) {
    await pass(100);
    const state = hook.read();
    if (state.name === 'loaded') shown.add(state.data);
  }
  expect(most).toBeLessThanOrEqual(2); // the page's own first question, and the first of the repeated ones
  expect(shown.size).toBeGreaterThanOrEqual(4);

  await hook.render(false);
  await pass(2_000);
  const before = asked;
  await pass(5_000);
  expect(asked).toBe(before);
  await hook.unmount();
});
