import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { orchidQuery } from '../../../events/orchid_query';
import { observeHookTask } from '../hooks.event';

/** $1 tenant, $2 tool version: whether a module is on anywhere, or the tool's text names any. */
const likelySql = `
  select exists (select from module_settings where tenant_id = $1 and enabled)
    or exists (select from tool_sources
      where tenant_id = $1 and tool_version_id = $2 and position('modules' in yaml) > 0) as likely`;

type About = {
  tenantId: TenantId;
  chatSessionId: ChatSessionId | null;
  /** with `run:complete` */
  runId?: RichId<'run'>;
  toolVersionId: RichId<'toolversion'>;
};

/**
 * Tells the modules of a session that it began or ended, or those of a run that it ended without having been read
 * along, in the open transaction. Which of them want to know is found out by the worker, where none can be there
 * is no task. Nobody waits for it, so no worker is woken. The tool's text is not parsed here: a run whose text
 * kills whoever reads it must end all the same.
 */
export async function tellObservers(
  db: Db,
  hook: 'session:start' | 'session:end' | 'run:complete',
  { tenantId, chatSessionId, runId, toolVersionId }: About,
): Promise<void> {
  const [row] = await runSql<{ likely: boolean }>(db, likelySql, [
    storedId(tenantId),
    storedId(toolVersionId),
  ]);
  if (!row?.likely) return;
  const input = { tenantId, hook, chatSessionId, runId: runId ?? null, messageId: null };
  await observeHookTask.send(orchidQuery(db), input);
}
