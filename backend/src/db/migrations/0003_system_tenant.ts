import { change } from '../db_script';

change(async (db) => {
  await db.createPolicy('tools', 'tools_everybody', {
    as: 'PERMISSIVE',
    for: 'SELECT',
    to: ['rapt_app'],
    using: db.sql`tenant_id = '00000000-0000-0000-0000-000000000001'::uuid`,
  });

  await db.createPolicy('tool_versions', 'tool_versions_everybody', {
    as: 'PERMISSIVE',
    for: 'SELECT',
    to: ['rapt_app'],
    using: db.sql`tenant_id = '00000000-0000-0000-0000-000000000001'::uuid`,
  });

  await db.createPolicy('sync_entry', 'sync_entry_everybody', {
    as: 'PERMISSIVE',
    for: 'SELECT',
    to: ['rapt_app'],
    using: db.sql`tenant_id = '00000000-0000-0000-0000-000000000001'::uuid`,
  });
});
