import { useCallback, useEffect, useRef, useState } from 'react';

type Page<T> = { items: T[]; cursor: string | null };
type FirstPage<F> = F & { limit: number };

export type PagesState<T> =
  | { name: 'loading' }
  | { name: 'failed' }
  | {
      name: 'loaded';
      items: T[];
      /** null when the last page is here */
      loadMore: (() => void) | null;
      /** what went unanswered; what is here was true a moment ago */
      failed: 'reload' | 'more' | null;
    };

const pageSize = 50;

/**
 * A list that is kept on the server and not synced, page after page. What is here stays while it is asked for anew, and
 * when that fails.
 * @param list the procedure
 * @param filter what the first page is asked with; the list begins anew when it changes
 */
export function usePages<T, F extends object>(
  list: (input: FirstPage<F> | { cursor: string }) => Promise<Page<T>>,
  filter: F,
): { state: PagesState<T>; reload: () => void } {
  const [loaded, setLoaded] = useState<{ key: string; page: Page<T> } | null>(null);
  const [failed, setFailed] = useState<{ key: string; what: 'reload' | 'more' } | null>(null);
  // The client makes a procedure anew each time it is named, so that it would be another one with every render.
  const procedure = useRef(list);
  procedure.current = list;
  /** rises with every question, so that the answer to an older one is not shown for it */
  const asked = useRef(0);
  // As text, since a filter is a new object with every render.
  const key = JSON.stringify(filter);

  const load = useCallback(
    async (older: { cursor: string; before: T[] } | null) => {
      asked.current++;
      const mine = asked.current;
      setFailed(null);
      const input = older ? { cursor: older.cursor } : { ...(JSON.parse(key) as F), limit: pageSize };
      try {
        const { items, cursor } = await procedure.current(input);
        if (mine !== asked.current) return;
        setLoaded({ key, page: { items: [...(older?.before ?? []), ...items], cursor } });
      } catch {
        if (mine === asked.current) setFailed({ key, what: older ? 'more' : 'reload' });
      }
    },
    [key],
  );
  const reload = useCallback(() => void load(null), [load]);
  useEffect(() => {
    reload();
    return () => {
      asked.current++;
    };
  }, [reload]);

  const what = failed?.key === key ? failed.what : null;
  if (loaded?.key !== key) return { state: { name: what ? 'failed' : 'loading' }, reload };
  const { items, cursor } = loaded.page;
  const loadMore = cursor === null ? null : () => void load({ cursor, before: items });
  return { state: { name: 'loaded', items, loadMore, failed: what }, reload };
}
