import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import type { Enqueue } from '../../../procedures/context';
import { performRunTask } from '../runs.event';

/** Longer than any queue takes to bring a task back after its worker has died. */
const forgottenMs = 20_000;
const mostTurns = 20;
const chunksKeptMs = 10 * 60_000;

/**
 * Finds runs nobody is performing although somebody should be, and gives them turns in the queue. The queue
 * already sees to that; this is for the day it did not. A turn is not tied to a run, so some are enough.
 * @param db of the system role
 * @returns how many turns were given
 */
export async function sweepForgottenRuns(db: Db, enqueue: Enqueue): Promise<number> {
  // A run under way without a lease has lost it in some way we do not know of; it begins anew.
  await runSql(
    db,
    `update runs r set status = 'pending' where r.status = 'processing' and r.updated_at < now() - $1 * interval '1 ms'
       and not exists (select from run_leases l where l.tenant_id = r.tenant_id and l.run_id = r.run_id)`,
    [forgottenMs],
  );
  const rows = await runSql<{ tenant_id: string; run_id: string }>(
    db,
    `select r.tenant_id, r.run_id from runs r
     left join run_leases l on l.tenant_id = r.tenant_id and l.run_id = r.run_id
     left join chat_sessions s on s.tenant_id = r.tenant_id and s.chat_session_id = r.chat_session_id
     where r.status in ('pending', 'processing') and r.deleted_at is null
       and not (r.status = 'pending' and s.status is not distinct from 'paused')
       and greatest(r.updated_at, l.lease_until) < now() - $1 * interval '1 ms'
     order by r.created_at limit ${mostTurns}`,
    [forgottenMs],
  );
  for (const row of rows) {
    const input = { tenantId: idFromUuid('tenant', row.tenant_id), runId: idFromUuid('run', row.run_id) };
    await enqueue(performRunTask, input);
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
