import { BaseTable, tenantWall } from '../../../db/base_table';
import { ProductResultTable } from './product_result.table';

/** Which teacher opened whose result, and when. An audit trail: rows are only added, and never synced. */
export class ProductViewTable extends BaseTable {
  readonly table = 'product_views';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      productViewId: t.richId('productview'),
      runId: t.richId('run'),
      viewerUserId: t.richId('user'),
      viewedAt: t.timestampNumber(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'productViewId']),
      t.index(['tenantId', 'runId']),
      t.foreignKey(['tenantId', 'runId'], () => ProductResultTable, ['tenantId', 'runId'], {
        onDelete: 'CASCADE',
      }),
    ],
  );
  rls = tenantWall('product_views');
}
