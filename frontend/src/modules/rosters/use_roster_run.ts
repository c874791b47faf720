import type { RosterRun } from '@raptscallions/zod-schemas/roster.zod';
import { api } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { useRepeated } from '../../api/use_repeated';

type RosterRunId = RosterRun['rosterRunId'];

/** Between an answer about a run that is being worked on and the next question. */
const pauseMs = 400;

/** A run as it is now, followed while a worker has it. */
export function useRosterRun(rosterRunId: RosterRunId) {
  const { state, reload } = useAnswer(() => api.rosters.readRun({ rosterRunId }), rosterRunId);
  const working = state.name === 'loaded' && state.data.work !== null;
  useRepeated(reload, pauseMs, working);
  return { state, reload };
}
