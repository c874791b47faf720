import { BaseTable } from '../../../db/base_table';

/** A cron job runs for a slot when this row could be inserted, so one process does and the others skip. */
export class CronSlotTable extends BaseTable {
  readonly table = 'cron_slots';

  columns = this.setColumns(
    (t) => ({
      jobName: t.text(),
      slot: t.timestampNumber(),
      claimedBy: t.text(),
    }),
    (t) => [t.primaryKey(['jobName', 'slot'])],
  );
}
