import { change } from '../db_script';

change(async (db) => {
  await db.changeTable('user_contacts', (t) => ({
    ...t.add(
      t.index(['email'])
    ),
  }));
});
