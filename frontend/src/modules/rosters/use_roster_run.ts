import type { RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { useCallback, useEffect } from 'react';
import { api } from '../../api/client';
import { useAnswer } from './use_answer';

type RosterRunId = RosterRun['rosterRunId'];

/** How often a run that is being worked on is asked for. */
const pollMs = 400;

/** A run as it is now, followed while a worker has it. */
export function useRosterRun(rosterRunId: RosterRunId) {
  const ask = useCallback(() => api.rosters.readRun({ rosterRunId }), [rosterRunId]);
  const { state, reload } = useAnswer(ask);
  const working = state.name === 'loaded' && state.value.work !== null;
  useEffect(() => {
    if (!working) return;
    const timer = setInterval(reload, pollMs);
    return () => clearInterval(timer);
  }, [working, reload]);
  return { state, reload };
}
