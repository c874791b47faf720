import type { Pool } from 'pg';
import { z } from 'zod';
import type { Claim } from './claim_book';
import { queueSchema as s, taskState } from './queue_names';

const HeldZod = z.array(z.object({ id: z.string(), attempt: z.number() }));

/**
 * Those of `claims` that were cancelled or given to somebody else while this process was paused or cut off and
 * heard of nothing.
 */
export async function findLostClaims(pool: Pool, claims: Claim[], worker: string): Promise<Claim[]> {
  if (claims.length === 0) return [];
  const result = await pool.query(
    `SELECT id, retrycount + 1 AS attempt FROM ${s}.tasks
     WHERE id = ANY($1::uuid[]) AND state = ${taskState.active} AND claimed_by = $2`,
    [claims.map(({ taskUuid }) => taskUuid), worker],
  );
  const held = new Set(HeldZod.parse(result.rows).map(({ id, attempt }) => `${id}/${attempt}`));
  return claims.filter(({ key }) => !held.has(key));
}
