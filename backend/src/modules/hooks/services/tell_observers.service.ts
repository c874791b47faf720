import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { orchidQuery } from '../../../events/orchid_query';
import { observeHookTask } from '../hooks.event';
import { planChat } from './plan_chat.service';

type About = {
  tenantId: TenantId;
  chatSessionId: ChatSessionId | null;
  /** with `run:complete` */
  runId?: RichId<'run'>;
  classId: ClassId | null;
  toolVersionId: RichId<'toolversion'>;
};

/**
 * Tells the modules of a session that it began or ended, or those of a run that it ended without having been read
 * along, in the open transaction. Which of them want to know is found out by the worker; without any module there
 * is no task. Nobody waits for it, so no worker is woken.
 */
export async function tellObservers(
  db: Db,
  hook: 'session:start' | 'session:end' | 'run:complete',
  { tenantId, chatSessionId, runId, classId, toolVersionId }: About,
): Promise<void> {
  const { planned } = await planChat(db, { tenantId, classId, toolVersionId });
  if (planned.length === 0) return;
  const input = { tenantId, hook, chatSessionId, runId: runId ?? null, messageId: null };
  await observeHookTask.send(orchidQuery(db), input);
}
