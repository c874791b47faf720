import { change } from '../db_script';

change(async (db) => {
  await db.createTable('sync_marks', (t) => ({
    markedAt: t.timestamp().primaryKey(),
    epoch: t.uuid(),
    xid: t.type('xid8'),
  }));

  await db.changeTable('sync_entry', (t) => ({
    ...t.add(
      t.index(['xid'], {
        name: 'sync_entry_del_idx',
        where: 'del is true',
      })
    ),
  }));
});
