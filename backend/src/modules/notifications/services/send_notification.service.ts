import type { NotificationId } from '@raptscallions/zod-schemas/notification.zod';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored } from '../../../db/stored_id';
import { PermanentTaskError } from '../../../events/permanent_task_error';
import type { Notifier } from '../../../lib/suprsend';

/**
 * Hands one notification to the service, or keeps it as recorded where there is none. Done already is done: a
 * worker that died after the service had it sends again under the same key, which the service knows.
 * @param notifier null: no service is connected
 * @throws Error to be tried again, PermanentTaskError when the service refused it for good
 */
export async function sendNotification(
  { db, notifier }: { db: Db; notifier: Notifier | null },
  { tenantId, notificationId }: { tenantId: TenantId; notificationId: NotificationId },
): Promise<void> {
  const ids = stored({ tenantId, notificationId });
  const found = await enterTenant(db, tenantId, async () => {
    const row = await db.notifications.findByOptional(ids);
    if (!row) return null;
    const contact = await db.userContacts.findByOptional(stored({ tenantId, userId: row.userId }));
    return { ...row, email: contact?.email ?? null };
  });
  if (found?.status !== 'waiting') return;
  const settle = (outcome: { status: 'recorded' | 'sent' | 'failed' | 'waiting'; failure: string | null }) =>
    enterTenant(db, tenantId, () =>
      db.notifications
        .where(ids)
        .update({ ...outcome, sentAt: outcome.status === 'sent' ? Date.now() : null }),
    );
  if (!notifier) {
    await settle({ status: 'recorded', failure: null });
    return;
  }
  const { userId, email, workflow, data } = found;
  const result = await notifier({
    workflow,
    recipient: { id: userId, email },
    data,
    idempotencyKey: notificationId,
  });
  if (result.ok) {
    await settle({ status: 'sent', failure: null });
    return;
  }
  await settle({ status: result.lasting ? 'failed' : 'waiting', failure: result.reason });
  if (result.lasting) throw new PermanentTaskError('refused', result.reason);
  throw new Error(result.reason);
}
