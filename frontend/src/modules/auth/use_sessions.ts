import type { Session } from '@raptscallions/zod-schemas/auth.zod';
import { useCallback, useEffect, useState } from 'react';
import { api } from '../../api/client';

type Loaded = { sessions: Session[]; cursor: string | null };

/** Where the person is signed in, page after page. Not synced: this needs the network. */
export function useSessions() {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failed, setFailed] = useState(false);
  const load = useCallback((input: Parameters<typeof api.auth.listSessions>[0], before: Session[]) => {
    setFailed(false);
    api.auth.listSessions(input).then(
      ({ items, cursor }) => setLoaded({ sessions: [...before, ...items], cursor }),
      () => setFailed(true),
    );
  }, []);
  const reload = useCallback(() => load({ limit: 50 }, []), [load]);
  useEffect(reload, [reload]);
  const loadMore = () => {
    if (loaded?.cursor) load({ cursor: loaded.cursor }, loaded.sessions);
  };
  return { loaded, failed, reload, loadMore };
}
