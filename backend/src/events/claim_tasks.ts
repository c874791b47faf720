import type { Pool } from 'pg';
import { z } from 'zod';
import type { Claim } from './claim_book';
import { EnvelopeZod } from './envelope';
import { queueSchema as s } from './queue_names';

/**
 * Stands in for pg-tbus's claim: the same change of the same rows, but in the order of an index, with the
 * worker's name on them, and with the time until the next task of the queue in the same round trip. That time is
 * asked for only when the queue gave less than was wanted; it is negative when somebody else holds a due row.
 *
 * The commit does not wait for the disk. A claim that a crash of the server forgets is made again by another
 * worker, and the result of the first changes nothing, since it is recorded for the worker that has the task.
 */
const claimSql = `
WITH due AS MATERIALIZED (
  SELECT id FROM ${s}.tasks
  WHERE queue = $1 AND state < 2 AND startafter <= now()
  ORDER BY startafter, id LIMIT $2 FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE ${s}.tasks t
  SET state = 2, startedon = now(), claimed_by = $3, retrycount = t.retrycount + (t.state = 1)::int
  FROM due WHERE t.id = due.id
  RETURNING t.id, t.data, t.retrycount, t.retrylimit, t.startafter
)
SELECT c.id, c.data, c.retrycount, c.retrylimit, n.wait_ms
FROM (SELECT set_config('synchronous_commit', 'off', true)) quick, (
  SELECT CASE WHEN (SELECT count(*) FROM due) < $2 THEN (
    SELECT extract(epoch FROM min(startafter) - clock_timestamp())::float8 * 1000 FROM ${s}.tasks
    WHERE queue = $1 AND state < 2 AND id NOT IN (SELECT id FROM due)
  ) END AS wait_ms
) n LEFT JOIN claimed c ON true
ORDER BY c.startafter, c.id`;

const RowZod = z.object({
  id: z.string().nullable(),
  data: z.unknown(),
  retrycount: z.number().nullable(),
  retrylimit: z.number().nullable(),
  wait_ms: z.number().nullable(),
});

/** A row of somebody else may hold anything; what cannot be read fails as an unknown task or a poor input. */
const DataZod = z
  .object({ tn: z.string(), data: EnvelopeZod })
  .catch(() => ({ tn: '?', data: { v: undefined, m: {} } }));

export interface ClaimedTasks {
  claims: Claim[];
  /** milliseconds until more falls due; undefined when nothing does, or when there is more already */
  waitMs: number | undefined;
  /** the queue gave as much as was asked for */
  full: boolean;
}

/** Claims up to `limit` due tasks of a queue for a worker, oldest first. */
export async function claimTasks(
  pool: Pool,
  queue: string,
  limit: number,
  worker: string,
): Promise<ClaimedTasks> {
  const result = await pool.query({ name: 'rapt_claim', text: claimSql, values: [queue, limit, worker] });
  const rows = z.array(RowZod).parse(result.rows);
  const claims = rows.flatMap((row): Claim[] => {
    if (row.id === null) return [];
    const { tn, data } = DataZod.parse(row.data);
    const attempt = (row.retrycount ?? 0) + 1;
    return [
      {
        key: `${row.id}/${attempt}`,
        taskUuid: row.id,
        taskName: tn,
        queue,
        attempt,
        maxAttempts: (row.retrylimit ?? 0) + 1,
        envelope: data,
        controller: new AbortController(),
        claimedAt: Date.now(),
        started: false,
        shown: false,
        outcome: undefined,
      },
    ];
  });
  return { claims, waitMs: rows[0]?.wait_ms ?? undefined, full: claims.length === limit };
}
