import { change } from '../db_script';

change(async (db) => {
  await db.createTable(
    'product_results',
    (t) => ({
      tenantId: t.uuid(),
      runId: t.uuid(),
      userId: t.uuid(),
      classId: t.uuid().nullable(),
      assignmentId: t.uuid().nullable(),
      toolId: t.uuid(),
      toolVersionId: t.uuid(),
      input: t.json(),
      output: t.json().nullable(),
      provider: t.string(20).nullable(),
      repaired: t.boolean().default(false),
      shownToStaff: t.boolean().default(false),
      hiddenAt: t.timestamp().nullable(),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId']),
      t.index(['tenantId', 'userId']),
      t.index(['tenantId', 'classId']),
      t.foreignKey(
        ['tenantId', 'runId'],
        'runs',
        ['tenantId', 'runId'],
        {
          onDelete: 'CASCADE',
        },
      ),
      t.foreignKey(
        ['tenantId', 'toolVersionId'],
        'tool_versions',
        ['tenantId', 'toolVersionId'],
      ),
      t.foreignKey(
        ['tenantId', 'assignmentId'],
        'assignments',
        ['tenantId', 'assignmentId'],
      ),
    ],
  );

  await db.changeTable('tool_versions', (t) => ({
    inputSchema: t.add(t.text().nullable()),
    outputSchema: t.add(t.text().nullable()),
  }));
});

change(async (db) => {
  await db.createTable(
    'product_views',
    (t) => ({
      tenantId: t.uuid(),
      productViewId: t.uuid(),
      runId: t.uuid(),
      viewerUserId: t.uuid(),
      viewedAt: t.timestamp(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'productViewId']),
      t.index(['tenantId', 'runId']),
      t.foreignKey(
        ['tenantId', 'runId'],
        'product_results',
        ['tenantId', 'runId'],
        {
          onDelete: 'CASCADE',
        },
      ),
    ],
  );

  await db.createPolicy('product_results', 'product_results_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('product_results', 'product_results_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('product_results');
});

change(async (db) => {
  await db.createPolicy('product_views', 'product_views_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('product_views', 'product_views_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('product_views');
});
