import { change } from '../db_script';

change(async (db) => {
  await db.createEnum('notification_status', ['waiting', 'recorded', 'sent', 'failed']);
});

change(async (db) => {
  await db.createTable(
    'notifications',
    (t) => ({
      tenantId: t.uuid(),
      notificationId: t.uuid(),
      userId: t.uuid(),
      workflow: t.text(),
      data: t.json(),
      cause: t.text(),
      status: t.enum('notification_status').default('waiting'),
      failure: t.text().nullable(),
      sentAt: t.timestamp().nullable(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'notificationId']),
      t.unique(['tenantId', 'cause', 'userId']),
      t.index(['tenantId', 'userId']),
    ],
  );
});

change(async (db) => {
  await db.createPolicy('notifications', 'notifications_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('notifications', 'notifications_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('notifications');
});
