import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { RunText } from './run_texts';
import { useSync } from './sync_context';

/** The text of a running answer as far as it has come, of a run of one's own or one that is watched. */
export function useRunText(runId: string | null): RunText | null {
  const { texts } = useSync();
  return useSyncExternalStore(texts.subscribe, () => (runId === null ? null : (texts.get(runId) ?? null)));
}

/** Has the text of these runs streamed to this browser while the component is shown. */
export function useWatchRuns(runIds: readonly RichId<'run'>[]): void {
  const sync = useSync();
  const [owner] = useState(() => Symbol('watching component'));
  const list = runIds.join();
  useEffect(() => {
    sync.watchRuns(owner, list === '' ? [] : (list.split(',') as RichId<'run'>[]));
    return () => sync.watchRuns(owner, []);
  }, [sync, owner, list]);
}
