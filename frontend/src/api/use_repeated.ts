import { useEffect, useRef } from 'react';

/**
 * Does something again and again while `active`. The pause begins when it has ended: on a slow network calls would pile
 * up, each making the answer to the one before too old to show.
 */
export function useRepeated(work: () => Promise<void>, pauseMs: number, active: boolean): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    if (!active) return;
    let left = false;
    let timer: ReturnType<typeof setTimeout>;
    const begin = () => {
      timer = setTimeout(() => {
        void latest.current().finally(() => {
          if (!left) begin();
        });
      }, pauseMs);
    };
    begin();
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [pauseMs, active]);
}
