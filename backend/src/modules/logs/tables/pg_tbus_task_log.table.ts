import { BaseTable, tenantWall } from '../../../db/base_table';

/** Every attempt at a task, written in the transaction that completes it. */
export class PgTbusTaskLogTable extends BaseTable {
  readonly table = 'pg_tbus_task_log';

  columns = this.setColumns(
    (t) => ({
      taskLogId: t.uuid().primaryKey().default(t.sql`uuidv7()`),
      tenantId: t.richId('tenant').nullable(),
      taskId: t.uuid(),
      taskName: t.text(),
      queue: t.text(),
      attempt: t.integer(),
      status: t.enum('task_log_status', ['active', 'completed', 'failed']),
      startedAt: t.timestampNumber(),
      finishedAt: t.timestampNumber().nullable(),
      errorCode: t.text().nullable(),
      errorMessage: t.text().nullable(),
      willRetry: t.boolean().default(false),
      worker: t.text(),
    }),
    (t) => [t.unique(['taskId', 'attempt']), t.index(['tenantId', 'startedAt'])],
  );

  rls = tenantWall('pg_tbus_task_log');
}
