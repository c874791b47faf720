import { idFromUuid } from '@raptscallions/zod-schemas/rich_id';
import { z } from 'zod';
import type { TaskId } from './define_task';
import type { Query } from './query';
import { queueSchema as s, taskState } from './queue_names';

const RowZod = z.object({
  id: z.string(),
  queue: z.string(),
  task_name: z.string().nullable(),
  attempts: z.number(),
  error: z.object({ code: z.string(), message: z.string().optional() }).nullable().catch(null),
  failed_at: z.number(),
});

export interface DeadLetter {
  taskId: TaskId;
  taskName: string;
  queue: string;
  /** how often it was started */
  attempts: number;
  error: { code: string; message?: string } | null;
  /** milliseconds since 1970 */
  failedAt: number;
}

/** Tasks that failed for good, the latest first. */
export async function listDeadLetters(query: Query, limit: number): Promise<DeadLetter[]> {
  const { rows } = await query(
    `SELECT id, queue, data->>'tn' AS task_name, retrycount + 1 AS attempts, output AS error,
       (extract(epoch FROM completedon) * 1000)::float8 AS failed_at
     FROM ${s}.tasks WHERE state IN (${taskState.expired}, ${taskState.failed}) ORDER BY completedon DESC LIMIT $1`,
    [limit],
  );
  return z
    .array(RowZod)
    .parse(rows)
    .map((row) => ({
      taskId: idFromUuid('task', row.id),
      taskName: row.task_name ?? '?',
      queue: row.queue,
      attempts: row.attempts,
      error: row.error,
      failedAt: Math.round(row.failed_at),
    }));
}
