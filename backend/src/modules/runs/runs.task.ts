import { onTask } from '../../events/on_task';
import { advanceSessionTask } from './runs.event';
import { claimRun } from './services/claim_run.service';
import { performRun, type RunTools } from './services/perform_run.service';

/** Answers what waits in a session, one question after the other. */
export function onAdvanceSession(tools: RunTools) {
  return onTask(advanceSessionTask, async ({ input, taskId, signal }) => {
    const { tenantId, chatSessionId } = input;
    for (;;) {
      if (signal.aborted) throw new Error('the worker is going; another one answers this');
      const claimed = await claimRun(tools.db, tenantId, chatSessionId, taskId);
      if (!claimed) return;
      await performRun(tools, claimed, signal);
    }
  });
}
