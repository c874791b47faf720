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
    /** where it was begun, as `sync.keep_epoch()` tells places apart; null: before places were kept */
    place: t.text().nullable(),
    purgedXid: t.type('xid8').parse((xid) => String(xid)),
  }));
}
