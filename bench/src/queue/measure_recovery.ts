import { setTimeout as sleep } from 'node:timers/promises';
import { clock } from '../run_latency/clock';
import type { System } from './systems';
import { WorkerProcess } from './worker_process';

/** Whoever has not taken over by then takes minutes or hours, by its own documentation. */
const patienceMs = 10_000;

/**
 * From `kill -9` of a worker in the middle of a task to the start of the next attempt in another, milliseconds.
 * @returns undefined when nobody took over in ten seconds
 */
export async function measureRecovery(system: System, url: string): Promise<number | undefined> {
  await system.clear();
  const first = new WorkerProcess(system.name, url, { concurrency: 5 });
  const second = new WorkerProcess(system.name, url, { concurrency: 5 });
  try {
    for (const worker of [first, second]) await worker.hear('ready', 30_000);
    await system.send('hang');
    const starts = [first.hear('started', 60_000), second.hear('started', 60_000)] as const;
    const begun = await Promise.race([
      starts[0].then((said) => said && { victim: first, heir: starts[1] }),
      starts[1].then((said) => said && { victim: second, heir: starts[0] }),
    ]);
    if (!begun) throw new Error(`${system.name} did not start a task`);
    // As long as a worker needs to be sure of its own clock.
    await sleep(2_500);
    const killedAt = clock();
    await begun.victim.kill();
    const taken = await Promise.race([begun.heir, sleep(patienceMs, undefined, { ref: false })]);
    return taken && taken.at - killedAt;
  } finally {
    await first.kill();
    await second.kill();
    await system.clear();
  }
}
