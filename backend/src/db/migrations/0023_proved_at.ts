import { change } from '../db_script';

change(async (db) => {
  await db.changeTable('auth_sessions', (t) => ({
    provedAt: t.add(t.timestamp().nullable()),
  }));
});
