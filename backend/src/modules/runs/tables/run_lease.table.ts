import { BaseTable, tenantWall } from '../../../db/base_table';
import { RunTable } from './run.table';

/**
 * Who is working on a run, and until when that counts. It stands beside the run, not in it: its beat every
 * second is nothing browsers should be sent. A run that has ended has none.
 */
export class RunLeaseTable extends BaseTable {
  readonly table = 'run_leases';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      runId: t.richId('run'),
      chatSessionId: t.richId('chat').nullable(),
      classId: t.richId('class').nullable(),
      userId: t.richId('user'),
      /** the fence: whoever works on a lower one has lost the run */
      attempt: t.integer(),
      /** the queue's task; when it comes again, its worker is known to be dead */
      taskId: t.uuid().nullable(),
      leaseUntil: t.timestampNumber(),
      cancelRequestedAt: t.timestampNumber().nullable(),
      /** how often the run was taken from a worker that did not end it */
      takeovers: t.integer().default(0),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId']),
      t.index(['tenantId', 'chatSessionId']),
      t.foreignKey(['tenantId', 'runId'], () => RunTable, ['tenantId', 'runId'], { onDelete: 'CASCADE' }),
    ],
  );
  rls = tenantWall('run_leases');
}
