import { type NotificationWorkflow, notificationStatus } from '@raptscallions/zod-schemas/notification.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';

/** What one person is to be told of, and what became of it: the outbox. Never synced. */
export class NotificationTable extends BaseTable {
  readonly table = 'notifications';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      notificationId: t.richId('notification'),
      userId: t.richId('user'),
      // No enum of the database: workflows come with every feature.
      workflow: t.text().narrowType((type) => type<NotificationWorkflow>()),
      data: t.json<Record<string, string>>(),
      /** what happened, once; a second task of the same cause tells nobody again */
      cause: t.text(),
      status: t.zodEnum('notification_status', notificationStatus).default('waiting'),
      failure: t.text().nullable(),
      sentAt: t.timestampNumber().nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'notificationId']),
      t.unique(['tenantId', 'cause', 'userId']),
      t.index(['tenantId', 'userId']),
    ],
  );

  rls = tenantWall('notifications');
}
