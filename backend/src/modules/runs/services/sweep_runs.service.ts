import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import type { Enqueue } from '../../../procedures/context';

/** Longer than any queue takes to bring a task back after its worker has died. */
const forgottenMs = 20_000;
const chunksKeptMs = 10 * 60_000;

/**
 * Finds questions that nobody is answering although somebody should be, and asks for them again. The queue
 * already sees to that; this is for the day it did not.
 * @param db of the system role
 */
export async function sweepForgottenRuns(db: Db, enqueue: Enqueue): Promise<number> {
  const rows = await runSql<{ tenant_id: string; chat_session_id: string }>(
    db,
    `select distinct tenant_id, chat_session_id from runs
     where status in ('pending', 'processing') and chat_session_id is not null
       and greatest(updated_at, lease_until) < now() - $1 * interval '1 ms'`,
    [forgottenMs],
  );
  for (const row of rows) {
    await enqueue({
      name: 'advance_session',
      input: {
        tenantId: idFromUuid('tenant', row.tenant_id),
        chatSessionId: idFromUuid('chat', row.chat_session_id),
      },
    });
  }
  return rows.length;
}

/**
 * Deletes released text whose answer has long been stored as a message.
 * @param db of the system role
 */
export async function sweepChunks(db: Db): Promise<void> {
  await runSql(
    db,
    `delete from run_chunks c where c.created_at < now() - $1 * interval '1 ms' and not exists (
      select from runs r where r.tenant_id = c.tenant_id and r.run_id = c.run_id and r.status = 'processing')`,
    [chunksKeptMs],
  );
}
