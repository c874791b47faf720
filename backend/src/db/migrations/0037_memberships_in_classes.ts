import { change } from '../db_script';

/** A membership no longer stands in its person's own scope: whoever is in a class holds the class. 6 is its table's number. */
change(async (db, up) => {
  if (!up) return;
  // Browsers are told to take it out of that scope; in the class's it stays.
  await db.adapter.query(
    `update sync_entry set del = true, xid = pg_current_xact_id() where tbl = 6 and scope like 'user:%' and not del`,
  );
  // What is counted when a school's first entries stand there must not make its index by scope look like one by row:
  // plans of triggers are kept, and would read all entries of the school for each row.
  await db.adapter.query('alter table sync_entry alter tenant_id set (n_distinct = 1)');
});
