import { setTimeout as sleep } from 'node:timers/promises';
import { clock } from '../run_latency/clock';
import type { System } from './systems';
import { WorkerProcess } from './worker_process';

/** No longer than this: whoever is slow is slow all along. */
const longestMs = 12_000;

/**
 * Tasks a second of one worker process over a backlog of tasks that do nothing, until the last is recorded as
 * done; of those that were done, when it takes too long.
 */
export async function measureThroughput(
  system: System,
  url: string,
  { tasks, concurrency }: { tasks: number; concurrency: number },
): Promise<number> {
  await system.clear();
  await system.sendMany(tasks);
  const worker = new WorkerProcess(system.name, url, { concurrency, expected: tasks });
  try {
    const begin = await worker.hear('begin', 30_000);
    if (!begin) throw new Error(`${system.name} did not begin`);
    const counted = await worker.hear('counted', longestMs);
    if (!counted) {
      const { count, at } = await worker.count();
      return count / ((at - begin.at) / 1_000);
    }
    while ((await system.left()) > 0) await sleep(2);
    return tasks / ((clock() - begin.at) / 1_000);
  } finally {
    await worker.kill();
    await system.clear();
  }
}
