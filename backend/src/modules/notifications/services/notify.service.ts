import type { NotificationWorkflow } from '@raptscallions/zod-schemas/notification.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import type { Enqueue } from '../../../procedures/context';
import { sendNotificationTask } from '../notifications.event';

/**
 * Tells each of these people of one thing, once for a `cause`, however often it is called. In one transaction
 * with the tasks that send, and in the caller's where there is one.
 */
export function notify(
  { db, enqueue }: { db: Db; enqueue: Enqueue },
  told: {
    tenantId: TenantId;
    userIds: UserId[];
    workflow: NotificationWorkflow;
    data: Record<string, string>;
    cause: string;
  },
): Promise<void> {
  const { tenantId, userIds, ...what } = told;
  return enterTenant(db, tenantId, async () => {
    if (userIds.length === 0) return;
    const made = await db.notifications
      .select('notificationId')
      .createMany(
        userIds.map((userId) => ({ tenantId, notificationId: newId('notification'), userId, ...what })),
      )
      .onConflictDoNothing(['tenantId', 'cause', 'userId']);
    for (const { notificationId } of made) await enqueue(sendNotificationTask, { tenantId, notificationId });
  });
}
