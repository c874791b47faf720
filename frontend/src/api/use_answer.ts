import { useCallback, useEffect, useRef, useState } from 'react';

export type AnswerState<T> = { name: 'loading' } | { name: 'failed' } | { name: 'loaded'; data: T };

/**
 * What the server answers to a question a page asks, for what is not synced: it needs the network. An answer
 * that is there stays when the same question fails, for it was true a moment ago.
 * @param ask may change with every render
 * @param key says which question it is: another one is asked when it changes
 */
export function useAnswer<T>(
  ask: () => Promise<T>,
  key: string,
): { state: AnswerState<T>; reload: () => Promise<void> } {
  const [answered, setAnswered] = useState<{ key: string; state: AnswerState<T> } | null>(null);
  const latest = useRef(ask);
  latest.current = ask;
  /** rises with every question, so that a late answer to an older one is not shown for it */
  const asked = useRef(0);
  const reload = useCallback(async () => {
    asked.current++;
    const mine = asked.current;
    const state: AnswerState<T> = await latest.current().then(
      (data) => ({ name: 'loaded', data }),
      () => ({ name: 'failed' }),
    );
    if (mine !== asked.current) return;
    setAnswered((before) =>
      state.name === 'failed' && before?.key === key && before.state.name === 'loaded'
        ? before
        : { key, state },
    );
  }, [key]);
  useEffect(() => {
    void reload();
    return () => {
      asked.current++;
    };
  }, [reload]);
  return { state: answered?.key === key ? answered.state : { name: 'loading' }, reload };
}
