import { hookName } from '@raptscallions/zod-schemas/hook.zod';
import type { JsonGroup } from '@raptscallions/zod-schemas/product.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { RunTable } from '../../runs/tables/run.table';

/**
 * What a module held back of a run, of a chat or a form: as its author wrote it, or as the AI did. For
 * administrators, each look of whom is written down; never synced.
 */
export class RunOriginalTable extends BaseTable {
  readonly table = 'run_originals';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      runId: t.richId('run'),
      attempt: t.integer(),
      /** says also what it is: before the AI the question or the form, after it the answer or the result */
      hook: t.zodEnum('hook_name', hookName),
      module: t.string(60),
      /** a text, or the values of a form or its result */
      original: t.json<string | JsonGroup>(),
      reason: t.string(500).nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId', 'attempt', 'hook']),
      t.foreignKey(['tenantId', 'runId'], () => RunTable, ['tenantId', 'runId'], { onDelete: 'CASCADE' }),
    ],
  );
  rls = tenantWall('run_originals');
}
