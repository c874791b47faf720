import { BaseTable, tenantWall } from '../../../db/base_table';

/** Which administrator read which prompt, and when. An audit trail: rows are only added, and never synced. */
export class RunPromptViewTable extends BaseTable {
  readonly table = 'run_prompt_views';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      runPromptViewId: t.richId('promptview'),
      runId: t.richId('run'),
      viewerUserId: t.richId('user'),
      viewedAt: t.timestampNumber(),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.primaryKey(['tenantId', 'runPromptViewId']), t.index(['tenantId', 'runId'])],
  );
  rls = tenantWall('run_prompt_views');
}
