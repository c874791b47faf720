import { schedule } from 'node-cron';
import { claimCronSlot } from './events/claim_cron_slot';
import type { Query } from './events/query';
import type { Logger } from './lib/logger';

export type CronJob = { name: string; everySeconds: 10 | 60; run(): Promise<unknown> };

/** Does the work of a job unless some process is at it still. @returns whether it was done */
type Alone = (jobName: string, work: CronJob['run']) => Promise<boolean>;

/** Runs a job if nobody has claimed its slot of now, and nobody is at it still. @returns whether it was ours */
export async function runCronJob(
  { name, everySeconds, run }: CronJob,
  query: Query,
  alone: Alone,
): Promise<boolean> {
  const slot = Math.floor(Date.now() / (everySeconds * 1_000)) * everySeconds * 1_000;
  if (!(await claimCronSlot(query, name, slot))) return false;
  return alone(name, run);
}

/**
 * Runs jobs by the clock. Every process that has the role tries; who claims the slot does it, the others skip. A
 * job that takes longer than its slot is not begun again beside itself: with every slot it would take another
 * connection, until none is left for anybody.
 * @returns stops the clock and waits for what is running
 */
export function startCron(
  jobs: CronJob[],
  { query, alone, logger }: { query: Query; alone: Alone; logger: Logger },
): () => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const tasks = jobs.map((job) => {
    const { name, everySeconds } = job;
    const once = async () => {
      try {
        if (!(await runCronJob(job, query, alone)))
          logger.debug({ job: name }, 'another process does this slot, or is at the one before');
      } catch (error) {
        logger.warn({ err: error, job: name }, 'a cron job failed; its next slot comes');
      }
    };
    return schedule(everySeconds === 10 ? '*/10 * * * * *' : '0 * * * * *', () => {
      if (running.has(name)) {
        logger.warn({ job: name }, 'a cron job takes longer than its slot; this one is skipped');
        return;
      }
      const work = once().finally(() => running.delete(name));
      running.set(name, work);
    });
  });
  return async () => {
    for (const task of tasks) await task.stop();
    await Promise.all(running.values());
  };
}
