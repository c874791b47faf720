import { change } from '../db_script';

change(async (db) => {
  await db.changeTable('external_refs', (t) => ({
    ...t.drop(
      t.foreignKey(
        ['tenant_id', 'roster_source_id'],
        'public.roster_sources',
        ['tenant_id', 'roster_source_id'],
      ),
    ),
  }));

  await db.changeTable('roster_diffs', (t) => ({
    ...t.drop(
      t.foreignKey(
        ['tenant_id', 'roster_run_id'],
        'public.roster_runs',
        ['tenant_id', 'roster_run_id'],
      ),
    ),
  }));
});
