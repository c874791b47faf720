import { errorCode } from '@raptscallions/zod-schemas/error.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { SyncClientTable } from './sync_client.table';

export class SyncRefusalTable extends BaseTable {
  readonly table = 'sync_refusals';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      syncRefusalId: t.richId('refusal'),
      syncClientId: t.richId('device'),
      mid: t.bigint().parse(Number),
      name: t.string(60),
      code: t.zodEnum('error_code', errorCode),
      message: t.string(1000),
      details: t.json<unknown>().nullable(),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'syncRefusalId']),
      t.unique(['tenantId', 'syncClientId', 'mid']),
      t.foreignKey(['tenantId', 'syncClientId'], () => SyncClientTable, ['tenantId', 'syncClientId']),
    ],
  );
  rls = tenantWall('sync_refusals');
}
