import type { RunStatus } from '@raptscallions/zod-schemas/chat.zod';
import type { RunSummary } from '@raptscallions/zod-schemas/run.zod';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../../api/client';

type Loaded = { runs: RunSummary[]; cursor: string | null };
export type RunListState =
  | { name: 'loading' }
  | { name: 'failed' }
  | ({ name: 'loaded'; loadMore: (() => void) | null } & Loaded);

const pageSize = 50;

/** The runs an administrator may see, page after page. They are not synced: this needs the network. */
export function useRunList(status: RunStatus | undefined): { state: RunListState; reload: () => void } {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failed, setFailed] = useState(false);
  /** rises with every question, so that the answer to an older one is not shown for it */
  const asked = useRef(0);

  const load = useCallback(async (input: Parameters<typeof api.runs.list>[0], before: RunSummary[]) => {
    asked.current++;
    const mine = asked.current;
    setFailed(false);
    try {
      const { items, cursor } = await api.runs.list(input);
      if (mine === asked.current) setLoaded({ runs: [...before, ...items], cursor });
    } catch {
      if (mine === asked.current) setFailed(true);
    }
  }, []);
  const reload = useCallback(() => {
    setLoaded(null);
    void load({ limit: pageSize, status }, []);
  }, [load, status]);
  useEffect(reload, [reload]);

  if (failed) return { state: { name: 'failed' }, reload };
  if (!loaded) return { state: { name: 'loading' }, reload };
  const { runs, cursor } = loaded;
  const loadMore = cursor === null ? null : () => void load({ cursor }, runs);
  return { state: { name: 'loaded', runs, cursor, loadMore }, reload };
}
