import { change } from '../db_script';

change(async (db) => {
  await db.changeTable('runs', (t) => ({
    ...t.add(
      t.index(['tenantId', 'createdAt'])
    ),
  }));
});
