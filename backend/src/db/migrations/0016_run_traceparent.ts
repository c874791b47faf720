import { change } from '../db_script';

change(async (db) => {
  await db.changeTable('runs', (t) => ({
    traceparent: t.add(t.text().nullable()),
  }));
});
