import { change } from '../db_script';

/** An epoch knows where it was begun, so that a restored database is noticed. */
change(async (db) => {
  await db.changeTable('sync_epoch', (t) => ({
    place: t.add(t.text().nullable()),
  }));
});
