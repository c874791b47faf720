import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { stored } from '../../../db/stored_id';
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

/**
 * Shows a question to teachers, as the modules left it, and tells those that only look. In the open transaction.
 * @param text only where a module has changed it
 */
export async function showQuestion(
  { db, enqueue }: Pick<RunTools, 'db' | 'enqueue'>,
  { tenantId, runId, chatSessionId, messageId, hooks }: Asked,
  text?: string,
): Promise<void> {
  const ids = stored({ tenantId, messageId });
  const isNew = await db.messages.where({ ...ids, shownToStaff: false }).update({ shownToStaff: true });
  if (text !== undefined) await db.messages.where(ids).update({ text });
  if (isNew === 0 || !hooks.has('chat:on_message')) return;
  await enqueue(observeHookTask, { tenantId, hook: 'chat:on_message', chatSessionId, runId, messageId });
}
