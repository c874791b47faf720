import { change } from '../db_script';

change(async (db) => {
  await db.changeTable('assignments', (t) => ({
    ...t.add(
      t.index(['tenantId', 'toolId'])
    ),
  }));
});
