import { useCallback, useEffect, useRef, useState } from 'react';

export type AnswerState<T> = { name: 'loading' } | { name: 'failed' } | { name: 'loaded'; value: T };

/**
 * What the server answers, asked anew when `ask` changes and by `reload`. For what is not synced: it needs the
 * network. The answer to an older question is never shown for a newer one.
 */
export function useAnswer<T>(ask: () => Promise<T>): { state: AnswerState<T>; reload: () => void } {
  const [state, setState] = useState<AnswerState<T>>({ name: 'loading' });
  const asked = useRef(0);
  const load = useCallback(async () => {
    asked.current++;
    const mine = asked.current;
    try {
      const value = await ask();
      if (mine === asked.current) setState({ name: 'loaded', value });
    } catch {
      // What is there already stays, for it was true a moment ago.
      if (mine === asked.current) {
        setState((before) => (before.name === 'loaded' ? before : { name: 'failed' }));
      }
    }
  }, [ask]);
  useEffect(() => {
    setState({ name: 'loading' });
    void load();
  }, [load]);
  const reload = useCallback(() => void load(), [load]);
  return { state, reload };
}
