import { chatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { defineTask } from '../../events/define_task';

/**
 * "There may be a question to answer in this session": it says which session, not which run, so that
 * questions are answered in their order whatever order tasks come in, and one too many does no harm.
 */
export const advanceSessionTask = defineTask({
  name: 'advance_session',
  queue: 'ai',
  input: z.object({ tenantId, chatSessionId }),
  deadlineSeconds: 900,
});
