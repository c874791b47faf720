import { useMemo } from 'react';
import { useOutbox } from '../../sync/use_outbox';

/** The runs of forms that still stand in this device's outbox. */
export function useQueuedRuns(): ReadonlySet<string> {
  const outbox = useOutbox();
  return useMemo(
    () =>
      new Set(
        outbox.flatMap(({ name, args }) =>
          (name === 'products.run' || name === 'products.retry') &&
          typeof args === 'object' &&
          args !== null &&
          'runId' in args
            ? [String(args.runId)]
            : [],
        ),
      ),
    [outbox],
  );
}
