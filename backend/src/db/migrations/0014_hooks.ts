import { change } from '../db_script';

change(async (db) => {
  await db.createEnum('module_status', ['ready', 'resting', 'disabled', 'broken']);

  await db.createEnum('hook_name', ['chat:before_ai', 'chat:after_ai', 'product:before_ai', 'product:after_ai', 'chat:on_message', 'session:start', 'session:end', 'run:complete']);

  await db.createEnum('verdict_outcome', ['passed', 'changed', 'blocked', 'answered', 'failed']);

  await db.createEnum('note_severity', ['info', 'attention', 'alert']);

  await db.createTable(
    'module_settings',
    (t) => ({
      tenantId: t.uuid(),
      moduleSettingId: t.uuid(),
      module: t.string(60),
      groupId: t.uuid().nullable(),
      classId: t.uuid().nullable(),
      toolId: t.uuid().nullable(),
      enabled: t.boolean().nullable(),
      config: t.json().default({}),
      locked: t.boolean().default(false),
      updatedByUserId: t.uuid().nullable(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'moduleSettingId']),
      t.unique(['tenantId', 'module', 'groupId', 'classId', 'toolId'], {
        nullsNotDistinct: true,
      }),
      t.foreignKey(
        ['tenantId', 'groupId'],
        'groups',
        ['tenantId', 'groupId'],
      ),
      t.foreignKey(
        ['tenantId', 'classId'],
        'classes',
        ['tenantId', 'classId'],
      ),
      t.foreignKey(
        ['tenantId', 'toolId'],
        'tools',
        ['tenantId', 'toolId'],
      ),
    ],
  );

  await db.createTable(
    'message_original_views',
    (t) => ({
      tenantId: t.uuid(),
      originalViewId: t.uuid(),
      runId: t.uuid(),
      viewerUserId: t.uuid(),
      viewedAt: t.timestamp(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'originalViewId']),
      t.index(['tenantId', 'runId']),
    ],
  );
});

change(async (db) => {
  await db.createTable(
    'hook_modules',
    (t) => ({
      tenantId: t.uuid(),
      name: t.string(60),
      manifest: t.json().nullable(),
      status: t.enum('module_status'),
      problem: t.text().nullable(),
      crashes: t.integer().default(0),
      reviveRequestedAt: t.timestamp().nullable(),
      removedAt: t.timestamp().nullable(),
      ...t.timestamps(),
    }),
    (t) => t.primaryKey(['tenantId', 'name']),
  );

  await db.createTable(
    'hook_verdicts',
    (t) => ({
      tenantId: t.uuid(),
      hookVerdictId: t.uuid(),
      hook: t.enum('hook_name'),
      module: t.string(60),
      version: t.string(60),
      runId: t.uuid().nullable(),
      attempt: t.integer().nullable(),
      chatSessionId: t.uuid().nullable(),
      messageId: t.uuid().nullable(),
      classId: t.uuid().nullable(),
      toolVersionId: t.uuid(),
      outcome: t.enum('verdict_outcome'),
      calls: t.integer().default(1),
      ms: t.real(),
      reason: t.string(500).nullable(),
      audit: t.json().default({}),
      log: t.json().default([]),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'hookVerdictId']),
      t.index(['tenantId', 'runId', 'attempt']),
      t.index(['tenantId', 'createdAt']),
    ],
  );

  await db.createTable(
    'message_originals',
    (t) => ({
      tenantId: t.uuid(),
      messageId: t.uuid(),
      attempt: t.integer(),
      runId: t.uuid(),
      hook: t.enum('hook_name'),
      module: t.string(60),
      text: t.text(),
      reason: t.string(500).nullable(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'messageId', 'attempt']),
      t.index(['tenantId', 'runId']),
    ],
  );

  await db.createTable(
    'message_notes',
    (t) => ({
      tenantId: t.uuid(),
      messageNoteId: t.uuid(),
      chatSessionId: t.uuid(),
      messageId: t.uuid().nullable(),
      userId: t.uuid(),
      classId: t.uuid().nullable(),
      module: t.string(60),
      kind: t.string(60),
      severity: t.enum('note_severity').default('info'),
      label: t.string(300),
      data: t.json().default({}),
      deletedAt: t.timestamp().nullable(),
      rev: t.bigint().default('1'),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'messageNoteId']),
      t.index(['tenantId', 'chatSessionId']),
      t.foreignKey(
        ['tenantId', 'chatSessionId'],
        'chat_sessions',
        ['tenantId', 'chatSessionId'],
      ),
    ],
  );

  await db.createPolicy('module_settings', 'module_settings_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('module_settings', 'module_settings_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('module_settings');

  await db.createPolicy('message_original_views', 'message_original_views_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('message_original_views', 'message_original_views_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('message_original_views');
});

change(async (db) => {
  await db.createPolicy('hook_modules', 'hook_modules_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('hook_modules', 'hook_modules_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.createPolicy('hook_modules', 'hook_modules_everybody', {
    as: 'PERMISSIVE',
    for: 'SELECT',
    to: ['rapt_app'],
    using: db.sql`tenant_id = '00000000-0000-0000-0000-000000000001'::uuid`,
  });

  await db.enableRls('hook_modules');

  await db.createPolicy('hook_verdicts', 'hook_verdicts_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('hook_verdicts', 'hook_verdicts_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('hook_verdicts');

  await db.createPolicy('message_originals', 'message_originals_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('message_originals', 'message_originals_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('message_originals');

  await db.createPolicy('message_notes', 'message_notes_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('message_notes', 'message_notes_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('message_notes');
});
