import type { Pool } from 'pg';
import { z } from 'zod';
import type { Claim, Outcome } from './claim_book';
import { sqlStateOf } from './is_outage';
import { queueSchema as s, taskState } from './queue_names';
import { logAttempts, loggedColumns } from './task_log';

/**
 * Stands in for pg-tbus's completion, with its delays. Only a row that is still the same attempt of the same
 * worker is touched: the late result of a worker that was paused and replaced changes nothing. Dead letters are
 * kept for a month, so that a holiday does not lose them.
 */
const settleSql = `
WITH done AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb)
    AS x(id uuid, attempt int, ok boolean, final boolean, output jsonb, code text, message text)
), settled AS (
  UPDATE ${s}.tasks t SET
    state = CASE WHEN d.ok THEN ${taskState.completed} WHEN d.final OR t.retrycount >= t.retrylimit THEN ${taskState.failed} ELSE ${taskState.retry} END,
    completedon = CASE WHEN d.ok OR d.final OR t.retrycount >= t.retrylimit THEN now() END,
    startafter = CASE
      WHEN d.ok OR d.final OR t.retrycount >= t.retrylimit THEN t.startafter
      WHEN NOT t.retrybackoff THEN now() + t.retrydelay * interval '1s'
      ELSE now() + least(3600, t.retrydelay * 2 ^ least(16, t.retrycount) * (1 + random())) * interval '1s' END,
    keepuntil = CASE WHEN NOT d.ok AND (d.final OR t.retrycount >= t.retrylimit)
      THEN greatest(t.keepuntil, now() + interval '30 days') ELSE t.keepuntil END,
    output = d.output
  FROM done d
  WHERE t.id = d.id AND t.state = ${taskState.active} AND t.retrycount = d.attempt - 1 AND t.claimed_by = $2
  RETURNING ${loggedColumns},
    CASE WHEN d.ok THEN 'completed' ELSE 'failed' END AS status, d.code AS error_code, d.message AS error_message,
    t.state = ${taskState.retry} AS will_retry, t.startafter
), logged AS (${logAttempts('settled')})
SELECT task_id, will_retry, extract(epoch FROM startafter - clock_timestamp())::float8 * 1000 AS wait_ms FROM settled`;

const SettledZod = z.array(z.object({ task_id: z.string(), will_retry: z.boolean(), wait_ms: z.number() }));

export interface SettledTask {
  taskUuid: string;
  /** milliseconds until the next attempt; undefined when the task has ended */
  retryInMs: number | undefined;
}

export interface Settlement {
  claim: Claim;
  outcome: Outcome;
}

/**
 * Records what became of attempts: the task, its output and its line in the log, in one statement.
 * @returns the attempts that were recorded; one that is missing was no longer this worker's
 * @throws when the database is out of reach; nothing was recorded then
 */
export async function settleTasks(
  pool: Pool,
  settlements: Settlement[],
  worker: string,
): Promise<SettledTask[]> {
  try {
    return await settle(pool, settlements, worker);
  } catch (error) {
    // 22 and 23: the database understood and refuses a value, such as an output it cannot hold as JSON.
    if (!/^2[23]/.test(sqlStateOf(error) ?? '')) throw error;
    const [only] = settlements;
    if (settlements.length === 1 && only) {
      const refused: Outcome = {
        ok: false,
        code: 'output_not_storable',
        message: String(error),
        final: true,
      };
      return settle(pool, [{ claim: only.claim, outcome: refused }], worker);
    }
  }
  // One poor result must not hold up those that happened to end with it.
  const each: SettledTask[] = [];
  for (const settlement of settlements) each.push(...(await settleTasks(pool, [settlement], worker)));
  return each;
}

async function settle(pool: Pool, settlements: Settlement[], worker: string): Promise<SettledTask[]> {
  const items = settlements.map(
    ({ claim, outcome }) => `{"id":"${claim.taskUuid}","attempt":${claim.attempt},${describe(outcome)}}`,
  );
  const result = await pool.query({
    name: 'rapt_settle',
    text: settleSql,
    values: [`[${items.join(',')}]`, worker],
  });
  return SettledZod.parse(result.rows).map((row) => ({
    taskUuid: row.task_id,
    retryInMs: row.will_retry ? row.wait_ms : undefined,
  }));
}

/** The output is JSON text already; it is not parsed only to be written again. */
function describe(outcome: Outcome): string {
  if (outcome.ok) return `"ok":true,"output":${outcome.output}`;
  const { code, message, final } = outcome;
  const error = JSON.stringify({ code, message });
  return `"ok":false,"output":${error},${error.slice(1, -1)},"final":${final}`;
}
