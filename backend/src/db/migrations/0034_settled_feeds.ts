import { change } from '../db_script';

change(async (db) => {
  await db.changeTable('roster_sources', (t) => ({
    settledRunId: t.add(t.uuid().nullable()),
    settledFingerprint: t.add(t.string(160).nullable()),
  }));
});
