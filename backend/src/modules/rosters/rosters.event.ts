import { rosterRunId } from '@raptscallions/zod-schemas/roster.zod';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { defineTask } from '../../events/define_task';

/**
 * "There is something to do about this run"; the run's own row says what, so that once too often does nothing.
 * While another run of the source is on, it comes again.
 */
export const performRosterRunTask = defineTask({
  name: 'perform_roster_run',
  queue: 'rosters',
  input: z.object({ tenantId, rosterRunId }),
  deadlineSeconds: 3_600,
  retry: { limit: 100, delaySeconds: 10, backoff: false },
});
