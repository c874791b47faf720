import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from './systems';
import { WorkerProcess } from './worker_process';

const meanGapMs = 60;

/**
 * From sending a single task to the start of its handler in another process, milliseconds. The systems take turns
 * with every task; their workers are all up, and idle in between.
 */
export async function measureStart(
  systems: System[],
  url: string,
  tasks: number,
): Promise<Map<string, number[]>> {
  const workers = systems.map((system) => ({
    system,
    worker: new WorkerProcess(system.name, url, { concurrency: 10 }),
    times: [] as number[],
  }));
  try {
    for (const { worker } of workers) await worker.hear('ready', 30_000);
    // The first few of each warm up.
    for (let sent = -5; sent < tasks; sent++) {
      for (const { system, worker, times } of workers) {
        await sleep(-Math.log(1 - Math.random()) * meanGapMs);
        await system.send('note');
        const started = await worker.hear('started', 10_000);
        if (!started) throw new Error(`${system.name} did not start a task`);
        if (sent >= 0) times.push(started.took);
      }
    }
    return new Map(workers.map(({ system, times }) => [system.name, times]));
  } finally {
    for (const { worker } of workers) await worker.kill();
  }
}
