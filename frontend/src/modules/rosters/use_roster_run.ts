import type { RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { useEffect } from 'react';
import { api } from '../../api/client';
import { useAnswer } from '../../api/use_answer';

type RosterRunId = RosterRun['rosterRunId'];

/** How often a run that is being worked on is asked for. */
const pollMs = 400;

/** A run as it is now, followed while a worker has it. */
export function useRosterRun(rosterRunId: RosterRunId) {
  const { state, reload } = useAnswer(() => api.rosters.readRun({ rosterRunId }), rosterRunId);
  const working = state.name === 'loaded' && state.data.work !== null;
  useEffect(() => {
    if (!working) return;
    const timer = setInterval(() => void reload(), pollMs);
    return () => clearInterval(timer);
  }, [working, reload]);
  return { state, reload };
}
