import { setTimeout as sleep } from 'node:timers/promises';
import { clock } from '../run_latency/clock';
import { openSystems, type SystemName } from './systems';
import { WorkerProcess } from './worker_process';

const awayMs = 5_000;
const patienceMs = 15_000;

export type Outage = { survived: boolean; firstStartMs: number | undefined };

/**
 * Workers that lose their database for five seconds: whether they live, and how long after it is back the first
 * task starts. A task is sent the moment the database answers again.
 */
export async function measureOutage(
  url: string,
  names: readonly SystemName[],
  restart: (awayMs: number) => Promise<void>,
): Promise<Map<SystemName, Outage>> {
  const workers = names.map((name) => ({ name, worker: new WorkerProcess(name, url, { concurrency: 5 }) }));
  try {
    for (const { worker } of workers) await worker.hear('ready', 30_000);
    await sleep(500);
    await restart(awayMs);
    const backAt = clock();
    // Senders have lost theirs too.
    const systems = await openSystems(url);
    for (const system of systems) await system.send('note');
    const outages = new Map<SystemName, Outage>();
    for (const { name, worker } of workers) {
      const started = await worker.hear('started', patienceMs);
      outages.set(name, { survived: !worker.exited, firstStartMs: started && started.at - backAt });
    }
    for (const system of systems) await system.close();
    return outages;
  } finally {
    for (const { worker } of workers) await worker.kill();
  }
}
