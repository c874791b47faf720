import { change } from '../db_script';

change(async (db) => {
  await db.createTable('sync_marks', (t) => ({
    markedAt: t.timestamp().primaryKey(),
    epoch: t.uuid(),
    xid: t.type('xid8'),
    purged: t.boolean().default(false),
  }));
});
