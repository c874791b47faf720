import { change } from '../db_script';

change(async (db) => {
  await db.createEnum('user_status', ['active', 'suspended', 'pending_verification']);

  await db.createEnum('group_kind', ['district', 'school', 'department', 'custom']);

  await db.createEnum('group_role', ['system_admin', 'group_admin', 'teacher', 'student']);

  await db.createEnum('class_role', ['teacher', 'student']);

  await db.createEnum('tool_kind', ['chat', 'product']);

  await db.createEnum('tool_version_status', ['draft', 'published']);

  await db.createEnum('chat_session_status', ['active', 'paused', 'completed']);

  await db.createEnum('message_role', ['user', 'assistant', 'system']);

  await db.createEnum('message_outcome', ['complete', 'stopped', 'interrupted', 'blocked']);

  await db.createEnum('run_kind', ['chat', 'product']);

  await db.createEnum('run_status', ['pending', 'processing', 'completed', 'failed', 'cancelled', 'blocked']);

  await db.createEnum('error_code', ['BAD_REQUEST', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'PAYLOAD_TOO_LARGE', 'RATE_LIMIT_EXCEEDED', 'INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);

  await db.createEnum('task_log_status', ['active', 'completed', 'failed']);

  await db.createEnum('device_context', ['personal', 'shared', 'unknown']);

  await db.createTable('tenants', (t) => ({
    tenantId: t.uuid().primaryKey(),
    name: t.string(100),
    demo: t.boolean().default(false),
    deletedAt: t.timestamp().nullable(),
    ...t.timestamps(),
  }));

  await db.createTable(
    'run_chunks',
    (t) => ({
      tenantId: t.uuid(),
      runId: t.uuid(),
      attempt: t.integer(),
      seq: t.integer(),
      text: t.text(),
      createdAt: t.timestamp().default(t.sql`now()`),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId', 'attempt', 'seq']),
      t.index(['createdAt']),
    ],
  );

  await db.createTable(
    'sync_entry',
    (t) => ({
      tenantId: t.uuid(),
      tbl: t.smallint(),
      rowId: t.uuid(),
      scope: t.text(),
      rev: t.bigint(),
      xid: t.type('xid8'),
      del: t.boolean().default(false),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'tbl', 'rowId', 'scope']),
      t.index(['tenantId', 'scope', 'xid']),
      t.index(['xid']),
    ],
  );

  await db.createTable('sync_epoch', (t) => ({
    syncEpochId: t.smallint().primaryKey().default(1),
    epoch: t.uuid(),
    purgedXid: t.type('xid8'),
  }));

  await db.createTable(
    'cron_slots',
    (t) => ({
      jobName: t.text(),
      slot: t.timestamp(),
      claimedBy: t.text(),
    }),
    (t) => t.primaryKey(['jobName', 'slot']),
  );

  await db.createTable(
    'auth_users',
    (t) => ({
      id: t.uuid().primaryKey(),
      tenantId: t.uuid(),
      name: t.text(),
      email: t.text().unique(),
      emailVerified: t.boolean().default(false),
      image: t.text().nullable(),
      ...t.timestamps(),
    }),
    (t) => t.index(['tenantId']),
  );

  await db.createTable(
    'auth_verifications',
    (t) => ({
      id: t.uuid().primaryKey(),
      identifier: t.text(),
      value: t.text(),
      expiresAt: t.timestamp(),
      ...t.timestamps(),
    }),
    (t) => t.index(['identifier']),
  );
});

change(async (db) => {
  await db.createTable(
    'users',
    (t) => ({
      tenantId: t.uuid(),
      userId: t.uuid(),
      name: t.string(100),
      status: t.enum('user_status').default('pending_verification'),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'userId']),
      t.unique(['userId']),
    ],
  );

  await db.createTable(
    'groups',
    (t) => ({
      tenantId: t.uuid(),
      groupId: t.uuid(),
      parentGroupId: t.uuid().nullable(),
      name: t.string(100),
      kind: t.enum('group_kind'),
      path: t.type('ltree'),
      settings: t.json().default({}),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'groupId']),
      t.index(['path'], {
        using: 'gist',
      }),
      t.unique(['tenantId', 'parentGroupId', 'name'], {
        nullsNotDistinct: true,
        where: 'deleted_at is null',
      }),
      t.foreignKey(
        ['tenantId', 'parentGroupId'],
        'groups',
        ['tenantId', 'groupId'],
      ),
    ],
  );

  await db.createTable(
    'pg_tbus_task_log',
    (t) => ({
      taskLogId: t.uuid().primaryKey().default(t.sql`uuidv7()`),
      tenantId: t.uuid().nullable(),
      taskId: t.uuid(),
      taskName: t.text(),
      queue: t.text(),
      attempt: t.integer(),
      status: t.enum('task_log_status'),
      startedAt: t.timestamp(),
      finishedAt: t.timestamp().nullable(),
      errorCode: t.text().nullable(),
      errorMessage: t.text().nullable(),
      willRetry: t.boolean().default(false),
      worker: t.text(),
    }),
    (t) => [
      t.unique(['taskId', 'attempt']),
      t.index(['tenantId', 'startedAt']),
    ],
  );

  await db.createTable(
    'auth_sessions',
    (t) => ({
      id: t.uuid().primaryKey(),
      userId: t.uuid().foreignKey('auth_users', 'id', {
        onDelete: 'CASCADE',
      }),
      token: t.text().unique(),
      expiresAt: t.timestamp(),
      ipAddress: t.text().nullable(),
      userAgent: t.text().nullable(),
      deviceContext: t.enum('device_context').default('unknown'),
      ...t.timestamps(),
    }),
    (t) => t.index(['userId']),
  );

  await db.createTable(
    'auth_accounts',
    (t) => ({
      id: t.uuid().primaryKey(),
      userId: t.uuid().foreignKey('auth_users', 'id', {
        onDelete: 'CASCADE',
      }),
      accountId: t.text(),
      providerId: t.text(),
      accessToken: t.text().nullable(),
      refreshToken: t.text().nullable(),
      idToken: t.text().nullable(),
      accessTokenExpiresAt: t.timestamp().nullable(),
      refreshTokenExpiresAt: t.timestamp().nullable(),
      scope: t.text().nullable(),
      password: t.text().nullable(),
      ...t.timestamps(),
    }),
    (t) => [
      t.index(['userId']),
      t.unique(['providerId', 'accountId']),
    ],
  );

  await db.createPolicy('tenants', 'tenants_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('tenants', 'tenants_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('tenants');

  await db.createPolicy('run_chunks', 'run_chunks_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('run_chunks', 'run_chunks_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('run_chunks');

  await db.createPolicy('sync_entry', 'sync_entry_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('sync_entry', 'sync_entry_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('sync_entry');
});

change(async (db) => {
  await db.createTable(
    'user_contacts',
    (t) => ({
      tenantId: t.uuid(),
      userId: t.uuid(),
      email: t.string().nullable(),
      username: t.string(100).nullable(),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'userId']),
      t.unique(['tenantId', 'email']),
      t.unique(['tenantId', 'username']),
      t.foreignKey(
        ['tenantId', 'userId'],
        'users',
        ['tenantId', 'userId'],
      ),
    ],
  );

  await db.createTable(
    'group_members',
    (t) => ({
      tenantId: t.uuid(),
      groupMemberId: t.uuid(),
      groupId: t.uuid(),
      userId: t.uuid(),
      role: t.enum('group_role'),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'groupMemberId']),
      t.unique(['tenantId', 'groupId', 'userId']),
      t.index(['tenantId', 'userId']),
      t.foreignKey(
        ['tenantId', 'groupId'],
        'groups',
        ['tenantId', 'groupId'],
      ),
      t.foreignKey(
        ['tenantId', 'userId'],
        'users',
        ['tenantId', 'userId'],
      ),
    ],
  );

  await db.createTable(
    'classes',
    (t) => ({
      tenantId: t.uuid(),
      classId: t.uuid(),
      groupId: t.uuid(),
      name: t.string(100),
      subject: t.string(100).nullable(),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'classId']),
      t.unique(['tenantId', 'groupId', 'name'], {
        where: 'deleted_at is null',
      }),
      t.foreignKey(
        ['tenantId', 'groupId'],
        'groups',
        ['tenantId', 'groupId'],
      ),
    ],
  );

  await db.createTable(
    'tools',
    (t) => ({
      tenantId: t.uuid(),
      toolId: t.uuid(),
      groupId: t.uuid().nullable(),
      ownerUserId: t.uuid().nullable(),
      name: t.string(100),
      slug: t.string(100),
      kind: t.enum('tool_kind'),
      publishedToolVersionId: t.uuid().nullable(),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'toolId']),
      t.index(['tenantId', 'groupId']),
      t.index(['tenantId', 'ownerUserId']),
      t.foreignKey(
        ['tenantId', 'groupId'],
        'groups',
        ['tenantId', 'groupId'],
      ),
      t.foreignKey(
        ['tenantId', 'ownerUserId'],
        'users',
        ['tenantId', 'userId'],
      ),
    ],
  );

  await db.createTable(
    'sync_clients',
    (t) => ({
      tenantId: t.uuid(),
      syncClientId: t.uuid(),
      userId: t.uuid(),
      lastMid: t.bigint().default('0'),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'syncClientId']),
      t.foreignKey(
        ['tenantId', 'userId'],
        'users',
        ['tenantId', 'userId'],
      ),
    ],
  );

  await db.createPolicy('users', 'users_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('users', 'users_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('users');

  await db.createPolicy('groups', 'groups_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('groups', 'groups_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('groups');

  await db.createPolicy('pg_tbus_task_log', 'pg_tbus_task_log_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('pg_tbus_task_log', 'pg_tbus_task_log_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('pg_tbus_task_log');
});

change(async (db) => {
  await db.createTable(
    'class_members',
    (t) => ({
      tenantId: t.uuid(),
      classMemberId: t.uuid(),
      classId: t.uuid(),
      userId: t.uuid(),
      role: t.enum('class_role'),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'classMemberId']),
      t.unique(['tenantId', 'classId', 'userId']),
      t.index(['tenantId', 'userId']),
      t.foreignKey(
        ['tenantId', 'classId'],
        'classes',
        ['tenantId', 'classId'],
      ),
      t.foreignKey(
        ['tenantId', 'userId'],
        'users',
        ['tenantId', 'userId'],
      ),
    ],
  );

  await db.createTable(
    'tool_versions',
    (t) => ({
      tenantId: t.uuid(),
      toolVersionId: t.uuid(),
      toolId: t.uuid(),
      groupId: t.uuid().nullable(),
      ownerUserId: t.uuid().nullable(),
      name: t.string(100),
      slug: t.string(100),
      version: t.string(50),
      kind: t.enum('tool_kind'),
      status: t.enum('tool_version_status').default('draft'),
      description: t.string(500).nullable(),
      subject: t.string(100).nullable(),
      maxMessages: t.integer().nullable(),
      publishedAt: t.timestamp().nullable(),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'toolVersionId']),
      t.index(['tenantId', 'toolId']),
      t.unique(['tenantId', 'groupId', 'slug', 'version', 'ownerUserId'], {
        name: 'tool_versions_published_idx',
        nullsNotDistinct: true,
        where: 'status = \'published\' and deleted_at is null',
      }),
      t.foreignKey(
        ['tenantId', 'toolId'],
        'tools',
        ['tenantId', 'toolId'],
      ),
    ],
  );

  await db.createTable(
    'sync_refusals',
    (t) => ({
      tenantId: t.uuid(),
      syncRefusalId: t.uuid(),
      syncClientId: t.uuid(),
      mid: t.bigint(),
      name: t.string(60),
      code: t.enum('error_code'),
      message: t.string(1000),
      details: t.json().nullable(),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'syncRefusalId']),
      t.unique(['tenantId', 'syncClientId', 'mid']),
      t.foreignKey(
        ['tenantId', 'syncClientId'],
        'sync_clients',
        ['tenantId', 'syncClientId'],
      ),
    ],
  );

  await db.createPolicy('user_contacts', 'user_contacts_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('user_contacts', 'user_contacts_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('user_contacts');

  await db.createPolicy('group_members', 'group_members_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('group_members', 'group_members_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('group_members');

  await db.createPolicy('classes', 'classes_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('classes', 'classes_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('classes');

  await db.createPolicy('tools', 'tools_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('tools', 'tools_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('tools');

  await db.createPolicy('sync_clients', 'sync_clients_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('sync_clients', 'sync_clients_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('sync_clients');
});

change(async (db) => {
  await db.createTable(
    'tool_sources',
    (t) => ({
      tenantId: t.uuid(),
      toolVersionId: t.uuid(),
      toolId: t.uuid(),
      groupId: t.uuid().nullable(),
      ownerUserId: t.uuid().nullable(),
      yaml: t.text(),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'toolVersionId']),
      t.foreignKey(
        ['tenantId', 'toolVersionId'],
        'tool_versions',
        ['tenantId', 'toolVersionId'],
      ),
    ],
  );

  await db.createTable(
    'assignments',
    (t) => ({
      tenantId: t.uuid(),
      assignmentId: t.uuid(),
      classId: t.uuid(),
      toolId: t.uuid(),
      toolVersionId: t.uuid(),
      title: t.string(200),
      instructions: t.text().nullable(),
      dueAt: t.timestamp().nullable(),
      assignedByUserId: t.uuid().nullable(),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'assignmentId']),
      t.index(['tenantId', 'classId']),
      t.index(['tenantId', 'toolVersionId']),
      t.foreignKey(
        ['tenantId', 'classId'],
        'classes',
        ['tenantId', 'classId'],
      ),
      t.foreignKey(
        ['tenantId', 'toolVersionId'],
        'tool_versions',
        ['tenantId', 'toolVersionId'],
      ),
      t.foreignKey(
        ['tenantId', 'assignedByUserId'],
        'users',
        ['tenantId', 'userId'],
      ),
    ],
  );

  await db.createPolicy('class_members', 'class_members_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('class_members', 'class_members_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('class_members');

  await db.createPolicy('tool_versions', 'tool_versions_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('tool_versions', 'tool_versions_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('tool_versions');

  await db.createPolicy('sync_refusals', 'sync_refusals_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('sync_refusals', 'sync_refusals_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('sync_refusals');
});

change(async (db) => {
  await db.createTable(
    'chat_sessions',
    (t) => ({
      tenantId: t.uuid(),
      chatSessionId: t.uuid(),
      userId: t.uuid(),
      toolId: t.uuid(),
      toolVersionId: t.uuid(),
      assignmentId: t.uuid().nullable(),
      classId: t.uuid().nullable(),
      status: t.enum('chat_session_status').default('active'),
      messageCount: t.integer().default(0),
      lastSeq: t.integer().default(0),
      lastMessageAt: t.timestamp().nullable(),
      completedAt: t.timestamp().nullable(),
      hiddenAt: t.timestamp().nullable(),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'chatSessionId']),
      t.index(['tenantId', 'userId']),
      t.index(['tenantId', 'classId']),
      t.foreignKey(
        ['tenantId', 'userId'],
        'users',
        ['tenantId', 'userId'],
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
      t.foreignKey(
        ['tenantId', 'classId'],
        'classes',
        ['tenantId', 'classId'],
      ),
    ],
  );

  await db.createPolicy('tool_sources', 'tool_sources_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('tool_sources', 'tool_sources_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('tool_sources');

  await db.createPolicy('assignments', 'assignments_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('assignments', 'assignments_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('assignments');
});

change(async (db) => {
  await db.createTable(
    'messages',
    (t) => ({
      tenantId: t.uuid(),
      messageId: t.uuid(),
      chatSessionId: t.uuid(),
      userId: t.uuid(),
      classId: t.uuid().nullable(),
      runId: t.uuid().nullable(),
      seq: t.integer(),
      role: t.enum('message_role'),
      text: t.text(),
      outcome: t.enum('message_outcome').default('complete'),
      meta: t.json().default({}),
      shownToStaff: t.boolean().default(false),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'messageId']),
      t.unique(['tenantId', 'chatSessionId', 'seq']),
      t.foreignKey(
        ['tenantId', 'chatSessionId'],
        'chat_sessions',
        ['tenantId', 'chatSessionId'],
      ),
    ],
  );

  await db.createTable(
    'transcript_views',
    (t) => ({
      tenantId: t.uuid(),
      transcriptViewId: t.uuid(),
      chatSessionId: t.uuid(),
      viewerUserId: t.uuid(),
      viewedAt: t.timestamp(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'transcriptViewId']),
      t.index(['tenantId', 'chatSessionId']),
      t.foreignKey(
        ['tenantId', 'chatSessionId'],
        'chat_sessions',
        ['tenantId', 'chatSessionId'],
      ),
    ],
  );

  await db.createTable(
    'runs',
    (t) => ({
      tenantId: t.uuid(),
      runId: t.uuid(),
      kind: t.enum('run_kind').default('chat'),
      chatSessionId: t.uuid().nullable(),
      messageId: t.uuid().nullable(),
      answerMessageId: t.uuid().nullable(),
      answerSeq: t.integer().nullable(),
      userId: t.uuid(),
      classId: t.uuid().nullable(),
      toolVersionId: t.uuid(),
      status: t.enum('run_status').default('pending'),
      attempt: t.integer().default(0),
      taskId: t.uuid().nullable(),
      leaseUntil: t.timestamp().nullable(),
      cancelRequestedAt: t.timestamp().nullable(),
      provider: t.string(20).nullable(),
      model: t.string(200).nullable(),
      promptTokens: t.integer().nullable(),
      completionTokens: t.integer().nullable(),
      errorCode: t.string(50).nullable(),
      errorMessage: t.string(500).nullable(),
      startedAt: t.timestamp().nullable(),
      firstTextAt: t.timestamp().nullable(),
      finishedAt: t.timestamp().nullable(),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId']),
      t.index(['tenantId', 'chatSessionId', 'answerSeq']),
      t.index(['tenantId', 'userId']),
      t.index(['leaseUntil'], {
        name: 'runs_open_idx',
        where: 'status in (\'pending\', \'processing\')',
      }),
      t.foreignKey(
        ['tenantId', 'chatSessionId'],
        'chat_sessions',
        ['tenantId', 'chatSessionId'],
      ),
    ],
  );

  await db.createPolicy('chat_sessions', 'chat_sessions_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('chat_sessions', 'chat_sessions_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('chat_sessions');
});

change(async (db) => {
  await db.createPolicy('messages', 'messages_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('messages', 'messages_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('messages');

  await db.createPolicy('transcript_views', 'transcript_views_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('transcript_views', 'transcript_views_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('transcript_views');

  await db.createPolicy('runs', 'runs_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('runs', 'runs_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('runs');
});
