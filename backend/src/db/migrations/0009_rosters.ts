import { change } from '../db_script';

change(async (db) => {
  await db.createEnum('roster_run_status', ['diffed', 'held', 'applied', 'undone', 'undo']);

  await db.createTable(
    'roster_sources',
    (t) => ({
      tenantId: t.uuid(),
      rosterSourceId: t.uuid(),
      name: t.string(100),
      rootGroupId: t.uuid(),
      timeZone: t.string(64).default('UTC'),
      grantsAdmin: t.boolean().default(false),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterSourceId']),
      t.unique(['tenantId', 'name']),
      t.foreignKey(
        ['tenantId', 'rootGroupId'],
        'groups',
        ['tenantId', 'groupId'],
      ),
    ],
  );
});

change(async (db) => {
  await db.createTable(
    'roster_runs',
    (t) => ({
      tenantId: t.uuid(),
      rosterRunId: t.uuid(),
      rosterSourceId: t.uuid(),
      status: t.enum('roster_run_status'),
      fileName: t.string().nullable(),
      fileHash: t.string(64).nullable(),
      counts: t.json(),
      heldReasons: t.json(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterRunId']),
      t.index(['tenantId', 'rosterSourceId', 'createdAt']),
      t.foreignKey(
        ['tenantId', 'rosterSourceId'],
        'roster_sources',
        ['tenantId', 'rosterSourceId'],
      ),
    ],
  );

  await db.createTable(
    'external_refs',
    (t) => ({
      tenantId: t.uuid(),
      rosterSourceId: t.uuid(),
      entity: t.string(20),
      sourcedId: t.string(),
      internalId: t.uuid().nullable(),
      data: t.json(),
      endedAt: t.timestamp().nullable(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterSourceId', 'entity', 'sourcedId']),
      t.index(['tenantId', 'entity', 'internalId']),
      t.foreignKey(
        ['tenantId', 'rosterSourceId'],
        'roster_sources',
        ['tenantId', 'rosterSourceId'],
      ),
    ],
  );

  await db.createPolicy('roster_sources', 'roster_sources_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('roster_sources', 'roster_sources_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('roster_sources');
});

change(async (db) => {
  await db.createTable(
    'roster_diffs',
    (t) => ({
      tenantId: t.uuid(),
      rosterRunId: t.uuid(),
      entity: t.string(20),
      sourcedId: t.string(),
      op: t.string(10),
      rowNumber: t.integer().nullable(),
      before: t.json().nullable(),
      after: t.json().nullable(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterRunId', 'entity', 'sourcedId']),
      t.foreignKey(
        ['tenantId', 'rosterRunId'],
        'roster_runs',
        ['tenantId', 'rosterRunId'],
      ),
    ],
  );

  await db.createTable(
    'roster_issues',
    (t) => ({
      tenantId: t.uuid(),
      rosterRunId: t.uuid(),
      issueNumber: t.integer(),
      fileName: t.string(),
      line: t.integer().nullable(),
      field: t.string(64).nullable(),
      code: t.string(40),
      rejected: t.boolean(),
      sentence: t.text(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterRunId', 'issueNumber']),
      t.foreignKey(
        ['tenantId', 'rosterRunId'],
        'roster_runs',
        ['tenantId', 'rosterRunId'],
      ),
    ],
  );

  await db.createPolicy('roster_runs', 'roster_runs_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('roster_runs', 'roster_runs_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('roster_runs');

  await db.createPolicy('external_refs', 'external_refs_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('external_refs', 'external_refs_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('external_refs');
});

change(async (db) => {
  await db.createPolicy('roster_diffs', 'roster_diffs_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('roster_diffs', 'roster_diffs_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('roster_diffs');

  await db.createPolicy('roster_issues', 'roster_issues_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('roster_issues', 'roster_issues_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('roster_issues');
});
