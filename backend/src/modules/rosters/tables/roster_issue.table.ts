import { BaseTable, tenantWall } from '../../../db/base_table';
import { RosterRunTable } from './roster_run.table';

/** A row of a feed that is wrong or odd. It names the place and never the person's data. */
export class RosterIssueTable extends BaseTable {
  readonly table = 'roster_issues';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      rosterRunId: t.richId('rosterrun'),
      issueNumber: t.integer(),
      fileName: t.string(255),
      line: t.integer().nullable(),
      field: t.string(64).nullable(),
      code: t.string(40),
      /** the row was left out */
      rejected: t.boolean(),
      sentence: t.text(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'rosterRunId', 'issueNumber']),
      t.foreignKey(['tenantId', 'rosterRunId'], () => RosterRunTable, ['tenantId', 'rosterRunId']),
    ],
  );
  rls = tenantWall('roster_issues');
}
