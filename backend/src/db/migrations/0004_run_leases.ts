import { change } from '../db_script';

change(async (db) => {
  await db.createTable(
    'run_leases',
    (t) => ({
      tenantId: t.uuid(),
      runId: t.uuid(),
      chatSessionId: t.uuid().nullable(),
      classId: t.uuid().nullable(),
      userId: t.uuid(),
      attempt: t.integer(),
      taskId: t.uuid().nullable(),
      leaseUntil: t.timestamp(),
      cancelRequestedAt: t.timestamp().nullable(),
      takeovers: t.integer().default(0),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId']),
      t.index(['tenantId', 'chatSessionId']),
      t.foreignKey(
        ['tenantId', 'runId'],
        'runs',
        ['tenantId', 'runId'],
        {
          onDelete: 'CASCADE',
        },
      ),
    ],
  );

  await db.changeTable('runs', (t) => ({
    taskId: t.drop(t.uuid().nullable()),
    leaseUntil: t.drop(t.timestamp().nullable().index({
      name: 'runs_open_idx',
      where: '(status = ANY (ARRAY[\'pending\'::run_status, \'processing\'::run_status]))',
    })),
    cancelRequestedAt: t.drop(t.timestamp().nullable()),
    ...t.add(
      t.index(['createdAt'], {
        name: 'runs_waiting_idx',
        where: 'status in (\'pending\', \'processing\')',
      })
    ),
  }));
});

change(async (db) => {
  await db.createPolicy('run_leases', 'run_leases_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('run_leases', 'run_leases_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('run_leases');
});
