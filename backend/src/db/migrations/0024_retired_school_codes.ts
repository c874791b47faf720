import { change } from '../db_script';

change(async (db) => {
  await db.createTable(
    'retired_school_codes',
    (t) => ({
      tenantId: t.uuid(),
      schoolCode: t.string(40),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'schoolCode']),
      t.unique(['schoolCode']),
    ],
  );
});

change(async (db) => {
  await db.createPolicy('retired_school_codes', 'retired_school_codes_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('retired_school_codes', 'retired_school_codes_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('retired_school_codes');
});
