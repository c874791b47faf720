import { chatSessionId, messageId, runId } from '@raptscallions/zod-schemas/chat.zod';
import { hookName } from '@raptscallions/zod-schemas/hook.zod';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { defineTask } from '../../events/define_task';

const observingHook = hookName.extract(['chat:on_message', 'session:start', 'session:end', 'run:complete']);

/** "Something happened that modules want to look at": asked for in the transaction in which it did. */
export const observeHookTask = defineTask({
  name: 'observe_hook',
  queue: 'hooks',
  input: z.object({
    tenantId,
    hook: observingHook,
    /** null: a form's run, which has none */
    chatSessionId: chatSessionId.nullable(),
    runId: runId.nullable(),
    messageId: messageId.nullable(),
  }),
  deadlineSeconds: 120,
  retry: { limit: 3, delaySeconds: 2, backoff: true },
});
