import { BaseTable, tenantWall } from '../../../db/base_table';

/** One current row for each (scope, row): where a browser finds what changed. Triggers keep it. */
export class SyncEntryTable extends BaseTable {
  readonly table = 'sync_entry';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      /** number of the table in `syncTables` */
      tbl: t.smallint(),
      rowId: t.uuid(),
      scope: t.text(),
      rev: t.bigint(),
      /** the transaction that last placed or removed the row here */
      xid: t.type('xid8').parse((xid) => String(xid)),
      del: t.boolean().default(false),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'tbl', 'rowId', 'scope']),
      t.index(['tenantId', 'scope', 'xid']),
      t.index(['xid']),
    ],
  );
  rls = tenantWall('sync_entry', 'with_system');
}
