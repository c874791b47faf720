import { BaseTable, tenantWall } from '../../../db/base_table';

/** What a run does to one record: the preview, the audit trail, and what an undo goes back to. */
export class RosterDiffTable extends BaseTable {
  readonly table = 'roster_diffs';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      /** Without a foreign key, for the same reason as `external_refs`: no run is ever removed. */
      rosterRunId: t.richId('rosterrun'),
      entity: t.string(20),
      sourcedId: t.string(255),
      op: t.string(10),
      rowNumber: t.integer().nullable(),
      before: t.json<Record<string, unknown>>().nullable(),
      after: t.json<Record<string, unknown>>().nullable(),
    }),
    (t) => [t.primaryKey(['tenantId', 'rosterRunId', 'entity', 'sourcedId'])],
  );
  rls = tenantWall('roster_diffs');
}
