import { beforeEach, describe, expect, it, vi } from 'vitest';
import { IdleWatch } from './idle_watch';

const minute = 60_000;
let now: number;
let items: Map<string, string>;
const alive = vi.fn();
const open = () =>
  new IdleWatch({
    idleMs: 20 * minute,
    storage: {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
    },
    now: () => now,
    alive,
  });

beforeEach(() => {
  now = 1_000_000_000_000;
  items = new Map();
  alive.mockReset();
});

describe('on a shared device', () => {
  it('asks a minute before the time is over, counts down, and ends at nothing', () => {
    const watch = open();
    now += 19 * minute - 1;
    expect(watch.secondsLeft()).toBeNull();
    now += 1;
    expect(watch.secondsLeft()).toBe(60);
    now += 59_500;
    expect(watch.secondsLeft()).toBe(1);
    now += minute;
    expect(watch.secondsLeft()).toBe(0);
  });

  it('begins anew with every touch, until the question stands: then only its answer counts', () => {
    const watch = open();
    now += 18 * minute;
    watch.touch();
    now += 18 * minute;
    expect(watch.secondsLeft()).toBeNull();
    now += minute + 30_000;
    watch.touch();
    expect(watch.secondsLeft()).toBe(30);
    watch.stay();
    expect(watch.secondsLeft()).toBeNull();
  });

  it('knows of a touch in another tab', () => {
    const [one, other] = [open(), open()];
    now += 15 * minute;
    other.touch();
    now += 15 * minute;
    expect(one.secondsLeft()).toBeNull();
  });

  it('tells the server once a minute that somebody is there, and at once when they answer', () => {
    const watch = open();
    for (let second = 0; second < 180; second++) {
      now += 1_000;
      watch.touch();
    }
    expect(alive).toHaveBeenCalledTimes(3);
    now += 19 * minute + 10_000;
    watch.stay();
    expect(alive).toHaveBeenCalledTimes(4);
  });
});
