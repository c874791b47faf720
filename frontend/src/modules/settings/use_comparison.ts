import { useCallback, useEffect, useRef, useState } from 'react';
import { classifyFailure } from '../../api/classify_failure';
import { StillMovingError, type TableComparison } from '../../sync/compare_rows';
import { useSync } from '../../sync/sync_context';

/**
 * `identical`: every row is the server's. `repaired`: it was not, everything was loaded anew, now it is.
 * `different`: loading anew did not help, which no device can mend. `at`: epoch milliseconds; `tookMs` of the
 * whole thing.
 */
export type Comparison =
  | { kind: 'none' }
  | { kind: 'comparing' }
  | { kind: 'repairing'; wrong: TableComparison[] }
  | { kind: 'rebuilding' }
  | { kind: 'rebuilt' }
  | { kind: 'identical'; tables: TableComparison[]; at: number; tookMs: number }
  | { kind: 'repaired' | 'different'; wrong: TableComparison[]; tables: TableComparison[]; at: number }
  | { kind: 'failed'; why: string };

const isWrong = ({ identical }: TableComparison) => !identical;

function explain(error: unknown): string {
  if (error instanceof StillMovingError) {
    return 'So much is changing just now that nothing could be compared. Try again in a minute.';
  }
  if (classifyFailure(error) === 'network')
    return 'The server could not be reached. Try again when you are online.';
  return 'The server could not compare just now. Try again in a minute.';
}

/** Compares this device with the server, puts right what differs, and says which; or loads everything anew. */
export function useComparison() {
  const sync = useSync();
  const [state, setState] = useState<Comparison>({ kind: 'none' });
  const page = useRef(new AbortController());
  useEffect(() => {
    page.current = new AbortController();
    return () => page.current.abort();
  }, []);

  const run = useCallback(
    async (work: (signal: AbortSignal, show: (state: Comparison) => void) => Promise<void>) => {
      const { signal } = page.current;
      const show = (next: Comparison) => {
        if (!signal.aborted) setState(next);
      };
      try {
        await work(signal, show);
      } catch (error) {
        show({ kind: 'failed', why: explain(error) });
      }
    },
    [],
  );

  const compare = useCallback(
    () =>
      run(async (signal, show) => {
        const began = performance.now();
        show({ kind: 'comparing' });
        const tables = await sync.compare(signal);
        const wrong = tables.filter(isWrong);
        if (wrong.length === 0) {
          show({ kind: 'identical', tables, at: Date.now(), tookMs: performance.now() - began });
          return;
        }
        show({ kind: 'repairing', wrong });
        await sync.rebuild(signal);
        const after = await sync.compare(signal);
        const kind = after.some(isWrong) ? 'different' : 'repaired';
        show({
          kind,
          wrong: kind === 'different' ? after.filter(isWrong) : wrong,
          tables: after,
          at: Date.now(),
        });
      }),
    [sync, run],
  );

  const rebuild = useCallback(
    () =>
      run(async (signal, show) => {
        show({ kind: 'rebuilding' });
        await sync.rebuild(signal);
        show({ kind: 'rebuilt' });
      }),
    [sync, run],
  );

  const busy = ['comparing', 'repairing', 'rebuilding'].includes(state.kind);
  return { state, busy, compare, rebuild };
}
