import { change } from '../db_script';

change(async (db) => {
  await db.addEnumValues('message_outcome', ['cut']);

  await db.createEnum('run_notice', ['slow', 'retrying', 'busy']);

  await db.createTable(
    'run_prompts',
    (t) => ({
      tenantId: t.uuid(),
      runId: t.uuid(),
      attempt: t.integer(),
      model: t.string(200).nullable(),
      messages: t.json(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId', 'attempt']),
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

  await db.createTable(
    'run_prompt_views',
    (t) => ({
      tenantId: t.uuid(),
      runPromptViewId: t.uuid(),
      runId: t.uuid(),
      viewerUserId: t.uuid(),
      viewedAt: t.timestamp(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runPromptViewId']),
      t.index(['tenantId', 'runId']),
    ],
  );

  await db.changeTable('chat_sessions', (t) => ({
    pausedByUserId: t.add(t.uuid().nullable()),
  }));

  await db.changeTable('messages', (t) => ({
    replacedAt: t.add(t.timestamp().nullable()),
  }));
});

change(async (db) => {
  await db.changeTable('runs', (t) => ({
    continues: t.add(t.boolean().default(false)),
    notice: t.add(t.enum('run_notice').nullable()),
  }));

  await db.createPolicy('run_prompts', 'run_prompts_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('run_prompts', 'run_prompts_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('run_prompts');

  await db.createPolicy('run_prompt_views', 'run_prompt_views_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('run_prompt_views', 'run_prompt_views_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('run_prompt_views');
});
