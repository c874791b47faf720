import { BaseTable, tenantWall } from '../../../db/base_table';
import { RosterRunTable } from './roster_run.table';

/** An uploaded file in pieces, until a worker has read it: the worker may be another machine. */
export class RosterPackageTable extends BaseTable {
  readonly table = 'roster_packages';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      rosterRunId: t.richId('rosterrun'),
      part: t.integer(),
      bytes: t.bytea(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterRunId', 'part']),
      t.foreignKey(['tenantId', 'rosterRunId'], () => RosterRunTable, ['tenantId', 'rosterRunId']),
    ],
  );
  rls = tenantWall('roster_packages');
}
