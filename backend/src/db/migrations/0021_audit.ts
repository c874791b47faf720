import { change } from '../db_script';

change(async (db) => {
  await db.createTable(
    'audit_entries',
    (t) => ({
      tenantId: t.uuid(),
      auditEntryId: t.uuid(),
      action: t.text(),
      actorUserId: t.uuid().nullable(),
      subjectUserId: t.uuid().nullable(),
      details: t.json(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'auditEntryId']),
      t.index(['tenantId', 'actorUserId', 'auditEntryId']),
      t.index(['tenantId', 'subjectUserId', 'auditEntryId']),
    ],
  );
});

change(async (db) => {
  await db.createPolicy('audit_entries', 'audit_entries_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('audit_entries', 'audit_entries_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('audit_entries');
});
