import { BaseTable, tenantWall } from '../../../db/base_table';

/** What a tenant pays for a model, in micros for a million tokens; `*` stands for every model without a row. */
export class ModelPriceTable extends BaseTable {
  readonly table = 'model_prices';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      model: t.string(200),
      promptMicros: t.bigint(),
      completionMicros: t.bigint(),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.primaryKey(['tenantId', 'model'])],
  );
  rls = tenantWall('model_prices');
}
