import { BaseTable, tenantWall } from '../../../db/base_table';
import type { AiMessage } from '../../../lib/ai_gateway/ai_gateway';
import { RunTable } from './run.table';

/** What was really sent to the AI for an attempt, word for word. Never synced; who reads it is written down. */
export class RunPromptTable extends BaseTable {
  readonly table = 'run_prompts';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      runId: t.richId('run'),
      attempt: t.integer(),
      /** as it was asked for; null: the gateway's default, before each call named its model */
      model: t.string(200).nullable(),
      messages: t.json<AiMessage[]>(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId', 'attempt']),
      t.foreignKey(['tenantId', 'runId'], () => RunTable, ['tenantId', 'runId'], { onDelete: 'CASCADE' }),
    ],
  );
  rls = tenantWall('run_prompts');
}
