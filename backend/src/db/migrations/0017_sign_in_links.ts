import { change } from '../db_script';

change(async (db) => {
  await db.createEnum('link_purpose', ['invitation', 'reset', 'verification']);

  await db.createEnum('link_delivery', ['waiting', 'sent', 'kept']);
});

change(async (db) => {
  await db.createTable(
    'sign_in_links',
    (t) => ({
      tenantId: t.uuid(),
      signInLinkId: t.uuid(),
      userId: t.uuid(),
      purpose: t.enum('link_purpose'),
      email: t.string().nullable(),
      expiresAt: t.timestamp(),
      usedAt: t.timestamp().nullable(),
      delivery: t.enum('link_delivery').default('waiting'),
      problem: t.string(300).nullable(),
      ...t.timestamps(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'signInLinkId']),
      t.unique(['signInLinkId']),
      t.index(['tenantId', 'userId']),
      t.index(
        [
          'tenantId',
          {
            column: 'createdAt',
            order: 'DESC',
          },
          'signInLinkId',
        ]
      ),
      t.foreignKey(
        ['tenantId', 'userId'],
        'users',
        ['tenantId', 'userId'],
        {
          onDelete: 'CASCADE',
        },
      ),
    ],
  );
});

change(async (db) => {
  await db.createPolicy('sign_in_links', 'sign_in_links_tenant', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_app'],
    using: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
    withCheck: db.sql`tenant_id = (select nullif(current_setting('rapt.tenant_id', true), '')::uuid)`,
  });

  await db.createPolicy('sign_in_links', 'sign_in_links_system', {
    as: 'PERMISSIVE',
    for: 'ALL',
    to: ['rapt_system'],
    using: db.sql`true`,
    withCheck: db.sql`true`,
  });

  await db.enableRls('sign_in_links');
});
