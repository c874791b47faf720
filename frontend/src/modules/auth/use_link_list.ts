import type { SignInLink } from '@raptscallions/zod-schemas/auth.zod';
import { useCallback, useEffect, useState } from 'react';
import { api } from '../../api/client';

type Loaded = { links: SignInLink[]; cursor: string | null };
export type LinkListState = { name: 'loading' } | { name: 'failed' } | ({ name: 'loaded' } & Loaded);

/** The sign-in links an administrator looks after, page after page. They are not synced: this needs the network. */
export function useLinkList(): { state: LinkListState; reload: () => void; loadMore: () => void } {
  const [state, setState] = useState<LinkListState>({ name: 'loading' });
  const load = useCallback((input: Parameters<typeof api.auth.listLinks>[0], before: SignInLink[]) => {
    api.auth.listLinks(input).then(
      ({ items, cursor }) => setState({ name: 'loaded', links: [...before, ...items], cursor }),
      () => setState({ name: 'failed' }),
    );
  }, []);
  const reload = useCallback(() => {
    setState({ name: 'loading' });
    load({ limit: 50 }, []);
  }, [load]);
  useEffect(reload, [reload]);
  const loadMore = () => {
    if (state.name === 'loaded' && state.cursor !== null) load({ cursor: state.cursor }, state.links);
  };
  return { state, reload, loadMore };
}
