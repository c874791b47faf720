import { BaseTable } from '../../../db/base_table';

/**
 * One row: a new `epoch` after every restore or failover, since transaction ids may start again there,
 * and the highest transaction whose tombstones were purged. A cursor from before either is refused.
 */
export class SyncEpochTable extends BaseTable {
  readonly table = 'sync_epoch';

  columns = this.setColumns((t) => ({
    syncEpochId: t.smallint().primaryKey().default(1),
    epoch: t.uuid(),
    purgedXid: t.type('xid8').parse((xid) => String(xid)),
  }));
}
