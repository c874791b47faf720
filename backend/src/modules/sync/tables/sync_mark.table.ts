import { BaseTable } from '../../../db/base_table';

/**
 * When which transactions were over: `xid` is the oldest that was still running (or yet to begin) at `marked_at`.
 * Transaction ids tell no time, and these marks are how an age becomes one. They count within their epoch only.
 */
export class SyncMarkTable extends BaseTable {
  readonly table = 'sync_marks';

  columns = this.setColumns((t) => ({
    markedAt: t.timestampNumber().primaryKey(),
    epoch: t.uuid(),
    xid: t.type('xid8').parse((xid) => String(xid)),
    /** tombstones below it are gone, so whoever purges up to a later mark begins here */
    purged: t.boolean().default(false),
  }));
}
