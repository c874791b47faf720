import { usagePeriod } from '@raptscallions/zod-schemas/usage.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';

/**
 * What a group with a limit has used in a stretch of time, reservations included: calls of a minute or an hour,
 * tokens of a day, micros of a month. Groups without a limit have none, so nobody waits for a row in them.
 */
export class UsageCounterTable extends BaseTable {
  readonly table = 'usage_counters';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      groupId: t.richId('group'),
      period: t.zodEnum('usage_period', usagePeriod),
      startsAt: t.timestampNumber(),
      used: t.bigint(),
      /** nine tenths were used, and it was said */
      alertedAt: t.timestampNumber().nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.primaryKey(['tenantId', 'groupId', 'period', 'startsAt']), t.index(['startsAt'])],
  );
  rls = tenantWall('usage_counters');
}
