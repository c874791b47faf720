import { BaseTable, tenantWall } from '../../../db/base_table';

/** Which administrator read what was held back, and when. An audit trail: rows are only added, and never synced. */
export class RunOriginalViewTable extends BaseTable {
  readonly table = 'run_original_views';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      originalViewId: t.richId('originalview'),
      runId: t.richId('run'),
      viewerUserId: t.richId('user'),
      viewedAt: t.timestampNumber(),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.primaryKey(['tenantId', 'originalViewId']), t.index(['tenantId', 'runId'])],
  );
  rls = tenantWall('run_original_views');
}
