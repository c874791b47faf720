import { BaseTable, tenantWall } from '../../../db/base_table';
import { GroupTable } from '../../groups/tables/group.table';

/** What a group may use. Never synced: how much money a school has is nothing for its pupils' browsers. */
export class UsageLimitTable extends BaseTable {
  readonly table = 'usage_limits';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      groupId: t.richId('group'),
      callsPerMinute: t.integer().nullable(),
      callsPerHour: t.integer().nullable(),
      tokensPerDay: t.bigint().nullable(),
      monthlyBudgetMicros: t.bigint().nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'groupId']),
      t.foreignKey(['tenantId', 'groupId'], () => GroupTable, ['tenantId', 'groupId'], {
        onDelete: 'CASCADE',
      }),
    ],
  );
  rls = tenantWall('usage_limits');
}
