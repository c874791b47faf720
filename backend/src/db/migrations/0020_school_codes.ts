import { change } from '../db_script';

change(async (db, up) => {
  await db.changeTable('tenants', (t) => ({
    schoolCode: t.add(t.string(40).nullable().unique()),
  }));

  await db.changeTable('user_contacts', (t) => ({
    ...t.add(
      t.index(
        [
          'tenantId',
          {
            expression: 'lower(username)',
          },
        ]
      ),
    ),
  }));

  // Schools that are here already get one of their own; it can be read beside every username that is given.
  if (up)
    await db.query`update tenants set school_code = substr(md5(tenant_id::text || random()::text), 1, 8)
    where school_code is null and name <> 'System'`;
});
