import { startTransition, useEffect, useState } from 'react';

/**
 * How many of the newest of `length` things to draw: `first` at once, the older ones in steps while nothing
 * else is to do, in the end all of them. A transition can be interrupted by typing and by streaming text.
 */
export function useGrowingCount(length: number, first: number, step: number): number {
  const [count, setCount] = useState(first);
  useEffect(() => {
    if (count === Number.POSITIVE_INFINITY) return;
    const next = count + step;
    startTransition(() => setCount(next < length ? next : Number.POSITIVE_INFINITY));
  }, [count, length, step]);
  return count;
}
