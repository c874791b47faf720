import { runId } from '@raptscallions/zod-schemas/chat.zod';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { defineTask } from '../../events/define_task';

/**
 * "There is a run to perform": a turn in the queue, not a particular run. Whichever worker has a turn takes the
 * run whose turn it fairly is, so neither the order of tasks nor one too many does any harm. The run it names
 * is the one that caused it, for the log.
 */
export const performRunTask = defineTask({
  name: 'perform_run',
  queue: 'ai',
  input: z.object({ tenantId, runId }),
  deadlineSeconds: 900,
  retry: { limit: 10, delaySeconds: 1, backoff: true },
});
