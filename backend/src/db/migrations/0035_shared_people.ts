import { change } from '../db_script';

change(async (db) => {
  await db.changeTable('external_refs', (t) => ({
    sharesPerson: t.add(t.boolean().default(false)),
    ...t.add(
      t.index(['tenantId', 'rosterSourceId', 'internalId'], {
        where: 'shares_person',
      })
    ),
  }));
});
