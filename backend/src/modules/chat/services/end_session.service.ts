import { type ChatSessionId, chatIdleMs } from '@raptscallions/zod-schemas/chat.zod';
import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { runSql } from '../../../db/run_sql';
import { stored } from '../../../db/stored_id';
import { eachByItself } from '../../../lib/each_by_itself';
import { tellObservers } from '../../hooks/services/tell_observers.service';

const sessionsAtOnce = 200;

/** The one place where a session ends, whoever or whatever ends it; ended already is done. */
export async function endSession(db: Db, tenantId: TenantId, chatSessionId: ChatSessionId): Promise<void> {
  const [ended] = await db.chatSessions
    .includeDeleted()
    .where({ ...stored({ tenantId, chatSessionId }), status: { not: 'completed' } })
    .select('tenantId', 'chatSessionId', 'classId', 'toolVersionId')
    .update({ status: 'completed', pausedByUserId: null, completedAt: Date.now() });
  if (ended) await tellObservers(db, 'session:end', ended);
}

/**
 * Ends a session whose every message is used and answered. A last answer that broke off leaves it open, so
 * that it can be asked for again or gone on with.
 */
export async function endFullSession(
  db: Db,
  session: {
    tenantId: TenantId;
    chatSessionId: ChatSessionId;
    toolVersionId: `toolversion-${string}`;
  },
): Promise<void> {
  const { tenantId, chatSessionId, toolVersionId } = session;
  const { maxMessages } = await db.toolVersions.includeDeleted().findBy(stored({ tenantId, toolVersionId }));
  if (maxMessages === null) return;
  const ids = stored({ tenantId, chatSessionId });
  if ((await db.messages.where({ ...ids, role: 'user' }).count()) < maxMessages) return;
  const open = await db.runs.where({ ...ids, status: { in: ['pending', 'processing'] } }).count();
  if (open === 0) await endSession(db, tenantId, chatSessionId);
}

/**
 * Ends sessions in which nothing has happened for 24 hours. One that is paused waits for whoever paused it.
 * @param systemDb finds them in every tenant
 * @returns how many; at most 200, the next time the next
 */
export async function endIdleSessions(systemDb: Db, db: Db): Promise<number> {
  const idle = `status = 'active' and deleted_at is null
    and coalesce(last_message_at, created_at) < now() - $1 * interval '1 ms'
    and not exists (select from runs r where r.tenant_id = s.tenant_id and r.chat_session_id = s.chat_session_id
      and r.status in ('pending', 'processing'))`;
  const rows = await runSql<{ tenant_id: string; chat_session_id: string }>(
    systemDb,
    `select tenant_id, chat_session_id from chat_sessions s where ${idle}
     order by coalesce(last_message_at, created_at) limit ${sessionsAtOnce}`,
    [chatIdleMs],
  );
  let ended = 0;
  await eachByItself(rows, async (row) => {
    const tenantId = idFromUuid('tenant', row.tenant_id);
    const chatSessionId = idFromUuid('chat', row.chat_session_id);
    await enterTenant(db, tenantId, async () => {
      // Somebody may have written since.
      const still = await runSql<{ idle: boolean }>(
        db,
        `select true as idle from chat_sessions s
         where tenant_id = $2 and chat_session_id = $3 and ${idle} for update of s`,
        [chatIdleMs, row.tenant_id, row.chat_session_id],
      );
      if (still.length === 0) return;
      await endSession(db, tenantId, chatSessionId);
      ended++;
    });
  });
  return ended;
}
