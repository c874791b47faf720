import { BaseTable, tenantWall } from '../../../db/base_table';

/** Released text of runs that are under way; swept a while after the answer's own row exists. */
export class RunChunkTable extends BaseTable {
  readonly table = 'run_chunks';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      runId: t.richId('run'),
      attempt: t.integer(),
      seq: t.integer(),
      text: t.text(),
      createdAt: t.timestamps().createdAt.asNumber(),
    }),
    (t) => [t.primaryKey(['tenantId', 'runId', 'attempt', 'seq']), t.index(['createdAt'])],
  );
  rls = tenantWall('run_chunks');
}
