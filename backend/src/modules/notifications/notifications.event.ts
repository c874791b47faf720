import { notificationId } from '@raptscallions/zod-schemas/notification.zod';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { defineTask } from '../../events/define_task';

/** "Tell somebody": one person and one thing. A service that is down for an hour or two loses nothing. */
export const sendNotificationTask = defineTask({
  name: 'send_notification',
  queue: 'notifications',
  input: z.object({ tenantId, notificationId }),
  deadlineSeconds: 60,
  retry: { limit: 10, delaySeconds: 10, backoff: true },
});
