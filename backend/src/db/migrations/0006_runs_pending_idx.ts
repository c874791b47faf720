import { change } from '../db_script';

change(async (db) => {
  await db.changeTable('runs', (t) => ({
    ...t.drop(
      t.index(['created_at'], {
        name: 'runs_waiting_idx',
        where: '(status = ANY (ARRAY[\'pending\'::run_status, \'processing\'::run_status]))',
      })
    ),
    ...t.add(
      t.index(['created_at'], {
        name: 'runs_pending_idx',
        where: 'status = \'pending\'',
      })
    ),
  }));
});
