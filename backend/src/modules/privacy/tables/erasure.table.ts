import { BaseTable, tenantWall } from '../../../db/base_table';

/** Receipts of erasures. Nothing in them leads back to the person. */
export class ErasureTable extends BaseTable {
  readonly table = 'erasures';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      erasureId: t.richId('erasure'),
      personHash: t.string(64),
      counts: t.json<Record<string, number>>(),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.primaryKey(['tenantId', 'erasureId'])],
  );
  rls = tenantWall('erasures');
}
