import { BaseTable, tenantWall } from '../../../db/base_table';
import { UserTable } from '../../users/tables/user.table';

export class SyncClientTable extends BaseTable {
  readonly table = 'sync_clients';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      syncClientId: t.richId('device'),
      userId: t.richId('user'),
      lastMid: t.bigint().parse(Number).default('0'),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'syncClientId']),
      t.foreignKey(['tenantId', 'userId'], () => UserTable, ['tenantId', 'userId']),
    ],
  );
  rls = tenantWall('sync_clients');
}
