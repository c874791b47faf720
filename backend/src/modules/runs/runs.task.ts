import { onTask } from '../../events/on_task';
import { inSpan, withTraceparent } from '../../lib/trace_context';
import { performRunTask } from './runs.event';
import { claimRun } from './services/claim_run.service';
import { performProduct } from './services/perform_product.service';
import { performRun, type RunTools } from './services/perform_run.service';

/** After this long a task makes way for the next: with the longest answer on top it stays below its deadline. */
const turnMs = 240_000;

/**
 * Performs runs as long as there are any that may begin. It has to go on after its own: a run that was passed
 * over, for its class had its share or its session was busy, has had its turn in the queue and gets no other.
 */
export function onPerformRun(tools: RunTools) {
  return onTask(performRunTask, async ({ input, taskId, signal }) => {
    const began = Date.now();
    for (;;) {
      if (signal.aborted) throw new Error('the worker is going; another one performs this');
      const picked = await tools.picker.pick(taskId);
      if (!picked) return;
      const claimed = await claimRun(tools, picked);
      if (claimed) {
        const perform = () =>
          inSpan('perform run', () =>
            'product' in claimed
              ? performProduct(tools, claimed, signal)
              : performRun(tools, claimed, signal),
          );
        await withTraceparent(claimed.traceparent ?? undefined, perform);
      }
      if (Date.now() - began > turnMs) {
        await tools.enqueue(performRunTask, input);
        return;
      }
    }
  });
}
