import { change } from '../db_script';

change(async (db) => {
  await db.createEnum('usage_period', ['minute', 'hour', 'day', 'month']);

  await db.createTable(
    'usage_entries',
    (t) => ({
      tenantId: t.uuid(),
      runId: t.uuid(),
      attempt: t.integer(),
      userId: t.uuid(),
      groupId: t.uuid().nullable(),
      classId: t.uuid().nullable(),
      toolId: t.uuid(),
      toolVersionId: t.uuid(),
      assignmentId: t.uuid().nullable(),
      provider: t.string(20),
      model: t.string(200),
      reservedTokens: t.integer(),
      reservedMicros: t.bigint(),
      counted: t.json(),
      promptTokens: t.integer().default(0),
      completionTokens: t.integer().default(0),
      costMicros: t.bigint().default('0'),
      settledAt: t.timestamp().nullable(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId', 'attempt']),
      t.index(['tenantId', 'createdAt']),
      t.index(['createdAt'], {
        name: 'usage_entries_open_idx',
        where: 'settled_at is null',
      }),
    ],
  );

  await db.createTable(
    'usage_limits',
    (t) => ({
      tenantId: t.uuid(),
      groupId: t.uuid(),
      callsPerMinute: t.integer().nullable(),
      callsPerHour: t.integer().nullable(),
      tokensPerDay: t.bigint().nullable(),
      monthlyBudgetMicros: t.bigint().nullable(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'groupId']),
      t.foreignKey(
        ['tenantId', 'groupId'],
        'groups',
        ['tenantId', 'groupId'],
        {
          onDelete: 'CASCADE',
        },
      ),
    ],
  );

  await db.createTable(
    'model_prices',
    (t) => ({
      tenantId: t.uuid(),
      model: t.string(200),
      promptMicros: t.bigint(),
      completionMicros: t.bigint(),
      ...t.timestamps(),
    }),
    (t) => t.primaryKey(['tenantId', 'model']),
  );

  await db.changeTable('tenants', (t) => ({
    timeZone: t.add(t.string(64).default('UTC')),
  }));
});

change(async (db) => {
  await db.createTable(
    'usage_counters',
    (t) => ({
      tenantId: t.uuid(),
      groupId: t.uuid(),
      period: t.enum('usage_period'),
      startsAt: t.timestamp(),
      used: t.bigint(),
      alertedAt: t.timestamp().nullable(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'groupId', 'period', 'startsAt']),
      t.index(['startsAt']),
    ],
  );

  await db.createPolicy('usage_entries', 'usage_entries_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('usage_entries', 'usage_entries_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('usage_entries');

  await db.createPolicy('usage_limits', 'usage_limits_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('usage_limits', 'usage_limits_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('usage_limits');

  await db.createPolicy('model_prices', 'model_prices_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('model_prices', 'model_prices_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('model_prices');
});

change(async (db) => {
  await db.createPolicy('usage_counters', 'usage_counters_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('usage_counters', 'usage_counters_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('usage_counters');
});
