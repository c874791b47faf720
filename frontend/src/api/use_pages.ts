import { useCallback, useEffect, useRef, useState } from 'react';

type Page<T> = { items: T[]; cursor: string | null };
type FirstPage<F> = F & { limit: number };

export type PagesState<T> =
  | { name: 'loading' }
  | { name: 'failed' }
  /** `loadMore`: null when the last page is here */
  | { name: 'loaded'; items: T[]; loadMore: (() => void) | null };

const pageSize = 50;

/**
 * A list that is kept on the server and not synced, page after page.
 * @param list the procedure
 * @param filter what the first page is asked with; the list begins anew when it changes
 */
export function usePages<T, F extends object>(
  list: (input: FirstPage<F> | { cursor: string }) => Promise<Page<T>>,
  filter: F,
): { state: PagesState<T>; reload: () => void } {
  const [loaded, setLoaded] = useState<Page<T> | null>(null);
  const [failed, setFailed] = useState(false);
  // The client makes a procedure anew each time it is named, so that it would be another one with every render.
  const procedure = useRef(list);
  procedure.current = list;
  /** rises with every question, so that the answer to an older one is not shown for it */
  const asked = useRef(0);

  const load = useCallback(async (input: FirstPage<F> | { cursor: string }, before: T[]) => {
    asked.current++;
    const mine = asked.current;
    setFailed(false);
    try {
      const { items, cursor } = await procedure.current(input);
      if (mine === asked.current) setLoaded({ items: [...before, ...items], cursor });
    } catch {
      if (mine === asked.current) setFailed(true);
    }
  }, []);
  // As text, since a filter is a new object with every render.
  const asText = JSON.stringify(filter);
  const reload = useCallback(() => {
    setLoaded(null);
    void load({ ...(JSON.parse(asText) as F), limit: pageSize }, []);
  }, [load, asText]);
  useEffect(reload, [reload]);

  if (failed) return { state: { name: 'failed' }, reload };
  if (!loaded) return { state: { name: 'loading' }, reload };
  const { items, cursor } = loaded;
  const loadMore = cursor === null ? null : () => void load({ cursor }, items);
  return { state: { name: 'loaded', items, loadMore }, reload };
}
