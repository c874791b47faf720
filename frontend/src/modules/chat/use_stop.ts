import type { Run } from '@raptscallions/zod-schemas/chat.zod';
import { useCallback, useEffect, useState } from 'react';
import { api } from '../../api/client';
import { toastRefused } from '../../components/toast';

/**
 * Stops the answer that comes in: `stop` by the button, or Esc anywhere on the page. `stopping` holds until
 * the run has really ended, since the gateway call is aborted by the worker that makes it.
 */
export function useStop(run: Run | null): { stop: () => void; stopping: boolean } {
  const [asked, setAsked] = useState<Run['runId'] | null>(null);
  const runId = run?.runId ?? null;

  const stop = useCallback(() => {
    if (!runId) return;
    setAsked(runId);
    const send = async () => {
      try {
        await api.chat.stop({ runId });
      } catch {
        setAsked(null);
        toastRefused('Not stopped: the server could not be reached. The answer goes on.');
      }
    };
    void send();
  }, [runId]);

  useEffect(() => {
    if (!runId) return;
    const onKey = (event: KeyboardEvent) => {
      // Esc also closes dialogs and menus, which come first.
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('[role="dialog"], [role="menu"]')) return;
      stop();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [runId, stop]);

  return { stop, stopping: asked !== null && asked === runId };
}
