import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { z } from 'zod';
import type { TaskId } from './define_task';
import type { Query } from './query';
import { queueSchema as s, taskState } from './queue_names';

const RedrivenZod = z.array(z.object({ queue: z.string() }));

/**
 * Lets a dead letter be tried again, up to four times, as the attempts that follow those it had. Refused while
 * another task stands for its singleton key.
 * @returns the queue that now has something to do, undefined when there is no such dead letter or it was refused
 */
export async function redriveTask(query: Query, taskId: TaskId): Promise<string | undefined> {
  const { rows } = await query(
    `UPDATE ${s}.tasks t SET state = ${taskState.retry}, startafter = now(), completedon = NULL, output = NULL,
       retrylimit = t.retrycount + 1 + least(t.retrylimit, 3), keepuntil = greatest(t.keepuntil, now() + interval '7 days')
     WHERE t.id = $1 AND t.state IN (${taskState.expired}, ${taskState.failed}) AND NOT EXISTS (
       SELECT FROM ${s}.tasks o WHERE o.queue = t.queue AND o.singleton_key = t.singleton_key AND o.state < 3)
     RETURNING t.queue`,
    [uuidFromId('task', taskId)],
  );
  return RedrivenZod.parse(rows)[0]?.queue;
}
