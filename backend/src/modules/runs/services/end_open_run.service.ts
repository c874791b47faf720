import type { ChatSessionId, RunStatus } from '@raptscallions/zod-schemas/chat.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import { tellObservers } from '../../hooks/services/tell_observers.service';
import { runKey, stopChannel } from '../channels';

/**
 * Ends a run whose row is locked: one that waits at once; one that is being performed is told to stop, by a row
 * that no worker can miss and a notification that reaches it right away. Ended already is done.
 */
export async function endOpenRun(
  db: Db,
  run: {
    tenantId: TenantId;
    runId: RichId<'run'>;
    status: RunStatus;
    chatSessionId: ChatSessionId | null;
    toolVersionId: RichId<'toolversion'>;
  },
): Promise<void> {
  const { tenantId, runId } = run;
  const ids = stored({ tenantId, runId });
  if (run.status === 'processing') {
    const told = await db.runLeases.where(ids).update({ cancelRequestedAt: Date.now() });
    if (told > 0) {
      await runSql(db, 'select pg_notify($1, $2)', [
        stopChannel,
        runKey(storedId(tenantId), storedId(runId)),
      ]);
      return;
    }
  } else if (run.status !== 'pending') return;
  await db.runLeases.where(ids).delete();
  await db.runs.where(ids).update({ status: 'cancelled', notice: null, finishedAt: Date.now() });
  await tellObservers(db, 'run:complete', run);
}
