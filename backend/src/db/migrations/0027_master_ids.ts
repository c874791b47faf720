import { change } from '../db_script';

change(async (db) => {
  await db.changeTable('roster_sources', (t) => ({
    matchesMasterIds: t.add(t.boolean().default(false)),
  }));
});
