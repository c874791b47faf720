import { hookName } from '@raptscallions/zod-schemas/hook.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';

/**
 * What a message said that is stored as `[blocked]`. For administrators, each look of whom is written down; never
 * synced. An answer that was held back stands here as the AI wrote it.
 */
export class MessageOriginalTable extends BaseTable {
  readonly table = 'message_originals';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      messageId: t.richId('message'),
      attempt: t.integer(),
      runId: t.richId('run'),
      hook: t.zodEnum('hook_name', hookName),
      module: t.string(60),
      text: t.text(),
      reason: t.string(500).nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [t.primaryKey(['tenantId', 'messageId', 'attempt']), t.index(['tenantId', 'runId'])],
  );
  rls = tenantWall('message_originals');
}
