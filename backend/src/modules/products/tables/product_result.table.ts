import type { JsonGroup } from '@raptscallions/zod-schemas/product.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { AssignmentTable } from '../../assignments/tables/assignment.table';
import { RunTable } from '../../runs/tables/run.table';
import { ToolVersionTable } from '../../tools/tables/tool_version.table';

/** What was filled in for a product tool and what came of it, beside the run that made it. */
export class ProductResultTable extends BaseTable {
  readonly table = 'product_results';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      runId: t.richId('run'),
      userId: t.richId('user'),
      classId: t.richId('class').nullable(),
      assignmentId: t.richId('assignment').nullable(),
      toolId: t.richId('tool'),
      toolVersionId: t.richId('toolversion'),
      input: t.json<JsonGroup>(),
      output: t.json<JsonGroup>().nullable(),
      provider: t.string(20).nullable(),
      repaired: t.boolean().default(false),
      /** false until the hooks before the AI have passed it: only its author sees it */
      shownToStaff: t.boolean().default(false),
      hiddenAt: t.timestampNumber().nullable(),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId']),
      t.index(['tenantId', 'userId']),
      t.index(['tenantId', 'classId']),
      t.foreignKey(['tenantId', 'runId'], () => RunTable, ['tenantId', 'runId'], { onDelete: 'CASCADE' }),
      t.foreignKey(['tenantId', 'toolVersionId'], () => ToolVersionTable, ['tenantId', 'toolVersionId']),
      t.foreignKey(['tenantId', 'assignmentId'], () => AssignmentTable, ['tenantId', 'assignmentId']),
    ],
  );
  rls = tenantWall('product_results');
}
