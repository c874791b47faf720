import { useCallback, useEffect, useRef, useState } from 'react';
import { classifyFailure } from './classify_failure';

export type AnswerState<T> = { name: 'loading' } | { name: 'failed' } | { name: 'loaded'; data: T };

/**
 * What the server answers to a question a page asks, for what is not synced: it needs the network. An answer
 * that is there stays when the server cannot be asked again just now, for it was true a moment ago. It goes when the
 * server refuses: whose right has ended reads others' words no longer.
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
    let state: AnswerState<T> = { name: 'failed' };
    let passes = false;
    try {
      state = { name: 'loaded', data: await latest.current() };
    } catch (error) {
      passes = ['network', 'retry'].includes(classifyFailure(error));
    }
    if (mine !== asked.current) return;
    setAnswered((before) =>
      passes && before?.key === key && before.state.name === 'loaded' ? before : { key, state },
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
