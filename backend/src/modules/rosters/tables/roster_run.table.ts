import { z } from 'zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { RosterSourceTable } from './roster_source.table';

const rosterRunStatus = z.enum(['diffed', 'held', 'applied', 'undone', 'undo']);

/** One feed read, with what came of it. */
export class RosterRunTable extends BaseTable {
  readonly table = 'roster_runs';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      rosterRunId: t.richId('rosterrun'),
      rosterSourceId: t.richId('rostersource'),
      status: t.zodEnum('roster_run_status', rosterRunStatus),
      fileName: t.string(255).nullable(),
      fileHash: t.string(64).nullable(),
      counts: t.json<Record<string, number>>(),
      heldReasons: t.json<string[]>(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterRunId']),
      t.index(['tenantId', 'rosterSourceId', 'createdAt']),
      t.foreignKey(['tenantId', 'rosterSourceId'], () => RosterSourceTable, ['tenantId', 'rosterSourceId']),
    ],
  );
  rls = tenantWall('roster_runs');
}
