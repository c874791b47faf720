import { change } from '../db_script';

change(async (db) => {
  await db.createTable(
    'erasures',
    (t) => ({
      tenantId: t.uuid(),
      erasureId: t.uuid(),
      personHash: t.string(64),
      counts: t.json(),
      ...t.timestamps(),
    }),
    (t) => t.primaryKey(['tenantId', 'erasureId']),
  );
});

change(async (db) => {
  await db.createPolicy('erasures', 'erasures_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('erasures', 'erasures_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('erasures');
});
