import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { type Work, Worklist } from './worklist';

/** A `Worklist` that stops when its place on the page goes. @param perform may change with every render */
export function useWorklist<Item, Result>(
  perform: (item: Item, signal: AbortSignal) => Promise<Result>,
): { work: Work<Item, Result>; run: (items: readonly Item[]) => void; stop: () => void } {
  const latest = useRef(perform);
  latest.current = perform;
  const [list] = useState(() => new Worklist<Item, Result>((item, signal) => latest.current(item, signal)));
  useEffect(() => () => list.stop(), [list]);
  const work = useSyncExternalStore(list.subscribe, list.read);
  return { work, run: (items) => void list.run(items), stop: () => list.stop() };
}
