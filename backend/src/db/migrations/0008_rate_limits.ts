import { change } from '../db_script';

change(async (db) => {
  await db.createTable('rate_limits', (t) => ({
    key: t.string(255).primaryKey(),
    points: t.integer().default(0),
    expire: t.bigint().nullable(),
  }));
});
