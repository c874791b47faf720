import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import type { Snapshot } from '../snapshot';

/** `purged`: the newest transaction whose tombstones are gone; `now`: what this transaction's first statement sees. */
export type SyncState = { epoch: string; purged: string; now: Snapshot };

/** The first statement of whatever answers a browser, so that `now` is the snapshot of all that follow. */
export async function readSyncState(db: Db): Promise<SyncState> {
  const [state] = await runSql<SyncState>(
    db,
    'select epoch, purged_xid::text as purged, sync.settled_snapshot()::text as now from sync_epoch',
  );
  if (!state) throw new Error('sync_epoch is empty');
  return state;
}
