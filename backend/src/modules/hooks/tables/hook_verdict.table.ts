import type { Json } from '@raptscallions/module-sdk/hook_context';
import { hookName, verdictOutcome } from '@raptscallions/zod-schemas/hook.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';

/**
 * What a module said: one row for each attempt at a run, hook and module, however many sentences it was asked
 * about. This is the log of the modules' page, and what a replay shows. Never synced; a word of what was written
 * is only in it where a module's own audit put it there.
 */
export class HookVerdictTable extends BaseTable {
  readonly table = 'hook_verdicts';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      /** made of what it is about, so that a task that comes twice leaves one */
      hookVerdictId: t.richId('verdict'),
      hook: t.zodEnum('hook_name', hookName),
      module: t.string(60),
      version: t.string(60),
      /** null: of a session, as for `session:start` */
      runId: t.richId('run').nullable(),
      attempt: t.integer().nullable(),
      chatSessionId: t.richId('chat').nullable(),
      messageId: t.richId('message').nullable(),
      classId: t.richId('class').nullable(),
      toolVersionId: t.richId('toolversion'),
      outcome: t.zodEnum('verdict_outcome', verdictOutcome),
      /** how often it was asked, and what that took together */
      calls: t.integer().default(1),
      ms: t.real(),
      /** why it failed, or why it blocked */
      reason: t.string(500).nullable(),
      audit: t.json<Record<string, Json>>().default({}),
      /** what it wrote to its console */
      log: t.json<string[]>().default([]),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'hookVerdictId']),
      t.index(['tenantId', 'runId', 'attempt']),
      t.index(['tenantId', 'createdAt']),
    ],
  );
  rls = tenantWall('hook_verdicts');
}
