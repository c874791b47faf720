import { change } from '../db_script';

change(async (db) => {
  await db.changeTable('message_notes', (t) => ({
    acknowledgedAt: t.add(t.timestamp().nullable()),
    acknowledgedByUserId: t.add(t.uuid().nullable()),
  }));
});
