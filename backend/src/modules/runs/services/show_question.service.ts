import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import type { HookChain } from '../../hooks/hook_chain';
import { observeHookTask } from '../../hooks/hooks.event';
import type { RunTools } from './perform_run.service';

type Asked = {
  tenantId: TenantId;
  runId: RichId<'run'>;
  chatSessionId: ChatSessionId;
  messageId: RichId<'message'>;
  hooks: HookChain;
};

/** $1 tenant, $2 question. */
const showSql = prepareSql(
  'show_question',
  `update messages set shown_to_staff = true, updated_at = now()
   where tenant_id = $1::uuid and message_id = $2::uuid and not shown_to_staff and deleted_at is null
   returning message_id`,
);

/**
 * Shows a question to teachers, as the modules left it, and tells those that only look. In the open transaction.
 * @param text only where a module has changed it
 */
export async function showQuestion(
  { db, enqueue }: Pick<RunTools, 'db' | 'enqueue'>,
  { tenantId, runId, chatSessionId, messageId, hooks }: Asked,
  text?: string,
): Promise<void> {
  const shown = await runSql(db, showSql, [storedId(tenantId), storedId(messageId)]);
  if (text !== undefined) await db.messages.where(stored({ tenantId, messageId })).update({ text });
  if (shown.length === 0 || !hooks.has('chat:on_message')) return;
  await enqueue(observeHookTask, { tenantId, hook: 'chat:on_message', chatSessionId, runId, messageId });
}
