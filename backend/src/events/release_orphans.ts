import type { Pool } from 'pg';
import { z } from 'zod';
import type { Claim } from './claim_book';
import { queueSchema as s, taskState } from './queue_names';

const ReleasedZod = z.array(z.object({ queue: z.string() }));

export interface OrphanSearch {
  worker: string;
  /** what the worker knows of; of one queue, or of all */
  claims: Claim[];
  queue?: string;
  /** spares claims whose answer may still be on its way */
  olderThanMs: number;
}

/**
 * Gives back tasks that stand in the worker's name although it never heard of them: the claim was committed and
 * the connection broke before the answer came. As the worker lives, nobody else would touch them.
 * @returns the queue of each task
 */
export async function releaseOrphans(
  pool: Pool,
  { worker, claims, queue, olderThanMs }: OrphanSearch,
): Promise<string[]> {
  const result = await pool.query(
    `UPDATE ${s}.tasks SET state = ${taskState.retry}, retrylimit = retrylimit + 1
     WHERE state = ${taskState.active} AND claimed_by = $1 AND ($2::text IS NULL OR queue = $2)
       AND startedon <= now() - $3 * interval '1ms'
       AND NOT id::text || '/' || (retrycount + 1) = ANY($4::text[])
     RETURNING queue`,
    [worker, queue ?? null, olderThanMs, claims.map(({ key }) => key)],
  );
  return ReleasedZod.parse(result.rows).map((row) => row.queue);
}
