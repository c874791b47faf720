import { onTask } from '../../events/on_task';
import { performRosterRunTask } from './rosters.event';
import { performRosterRun, type RosterTools } from './services/perform_roster_run.service';

/** Reads, applies or takes back what a run's row asks for. */
export function onPerformRosterRun(tools: RosterTools) {
  return onTask(performRosterRunTask, ({ input }) => performRosterRun(tools, input));
}
