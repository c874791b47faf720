import { emailInput, signInLinkId } from '@raptscallions/zod-schemas/auth.zod';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { defineTask } from '../../events/define_task';

/** About a quarter of an hour of tries: a reset is worth nothing after an hour. */
const retry = { limit: 6, delaySeconds: 10, backoff: true };

/** Takes a sign-in link to its person by mail. */
export const deliverLinkTask = defineTask({
  name: 'deliver_link',
  queue: 'mail',
  input: z.object({ tenantId, signInLinkId }),
  deadlineSeconds: 60,
  retry,
});

/**
 * Somebody has forgotten the password of an address. Whether anybody has it is looked up by the worker, so the
 * request does the same for every address, and takes as long. The link's id makes it happen once.
 */
export const requestResetTask = defineTask({
  name: 'request_reset',
  queue: 'mail',
  input: z.object({ email: emailInput, signInLinkId }),
  deadlineSeconds: 60,
  retry,
});
