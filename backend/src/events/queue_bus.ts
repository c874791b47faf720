import type { Pool } from 'pg';
import { type Bus, createTBus } from 'pg-tbus';
import type { Logger } from '../lib/logger';
import type { Claim, ClaimBook, Outcome } from './claim_book';
import { ClaimGate } from './claim_gate';
import { claimTasks } from './claim_tasks';
import { connectFanOut, idleFanOutClient } from './connect_fan_out';
import { connectMigration } from './connect_migration';
import { createDatabaseFacade, type FacadeClient } from './database_facade';
import { isOutage } from './is_outage';
import { keepTrying } from './keep_trying';
import { queueSchema } from './queue_names';
import type { QueueStats } from './queue_stats';
import { releaseOrphans } from './release_orphans';
import { runTask } from './run_task';
import { settleTasks } from './settle_tasks';
import type { Subscription } from './subscription';

/** What all queues of a process share. */
export interface WorkerParts {
  worker: string;
  pool: Pool;
  book: ClaimBook;
  stats: QueueStats;
  logger: Logger;
  /** no more work is to be begun */
  stopping: AbortSignal;
  /** no more statements are to be repeated */
  closed: AbortSignal;
  wakeSoon(queue: string): void;
}

export interface QueueBusOptions {
  queue: string;
  /** handlers at once */
  concurrency: number;
  subscriptions: Subscription[];
  /** the name of an event this queue subscribes to, if any */
  eventName: string | undefined;
  /** one queue of a process deletes old rows for all */
  purges: boolean;
}

export interface QueueBus {
  queue: string;
  tasks: ClaimGate;
  events: ClaimGate;
  start(): Promise<void>;
  /** Resolves when all that runs has ended and is recorded. */
  stop(): Promise<void>;
}

/** So short that pg-tbus claims as soon as a slot is free; the gate is what holds it. */
const loopMs = 5;
/** Due rows that another worker holds: looked at again, in case it lets go of them. */
const heldRowMs = 25;
const fanOutPauseMs = 200;
/** pg-tbus's own timer is set out of the way: it would free the slot and let the handler go on. */
const expireInSeconds = 2_000_000;

const unknownTask: Outcome = {
  ok: false,
  code: 'unknown_task',
  message: 'no worker of this version handles it',
  final: false,
};

/** One queue: a pg-tbus bus over our facade. */
export function createQueueBus(options: QueueBusOptions, parts: WorkerParts): QueueBus {
  const { queue, concurrency, subscriptions, eventName, purges } = options;
  const { worker, pool, book, stats, logger, stopping, closed, wakeSoon } = parts;
  const tasks = new ClaimGate();
  const events = new ClaimGate();
  const names = new Set(subscriptions.map(({ name }) => name));
  let bus: Bus | undefined;

  function report(what: string) {
    return (error: unknown) => {
      stats.repeated++;
      const level = isOutage(error) ? 'warn' : 'error';
      logger[level]({ queue, err: error }, `${what} failed and will be repeated`);
    };
  }

  async function claim(limit: number): Promise<unknown[]> {
    await tasks.pass();
    if (stopping.aborted) return [];
    let answerLost = false;
    const claimed = await keepTrying(
      async () => {
        if (answerLost) await releaseOrphans(pool, { worker, queue, claims: ofQueue(), olderThanMs: 0 });
        answerLost = true;
        return claimTasks(pool, queue, limit, worker);
      },
      { signal: stopping, onError: report('a claim') },
    ).catch(() => undefined);
    if (!claimed) return [];
    stats.claims++;
    stats.claimed += claimed.claims.length;
    for (const entry of claimed.claims) book.enter(entry);
    if (claimed.full) tasks.wake();
    else if (claimed.waitMs !== undefined) tasks.wakeIn(claimed.waitMs > 0 ? claimed.waitMs : heldRowMs);

    // What came in while the stop began is in the book, from which it is handed over.
    if (stopping.aborted) return [];
    const strangers = claimed.claims.filter(({ taskName }) => !names.has(taskName));
    if (strangers.length > 0) await settle(strangers.map(({ key }) => key));
    return claimed.claims
      .filter(({ taskName }) => names.has(taskName))
      .map(({ key, taskName, envelope }) => ({
        id: key,
        data: { tn: taskName, data: envelope, trace: { type: 'direct' } },
        expire_in_seconds: expireInSeconds,
      }));
  }

  function ofQueue(): Claim[] {
    return book.all().filter((entry) => entry.queue === queue);
  }

  async function settle(keys: string[]): Promise<void> {
    const claims = keys.flatMap((key) => book.find(key) ?? []);
    if (claims.length === 0) return;
    // Without an outcome no handler was called: there is none.
    const settlements = claims.map((claim) => ({ claim, outcome: claim.outcome ?? unknownTask }));
    try {
      const settled = await keepTrying(() => settleTasks(pool, settlements, worker), {
        signal: closed,
        onError: report('recording results'),
      });
      const recorded = new Map(settled.map((task) => [task.taskUuid, task]));
      for (const { claim, outcome } of settlements) {
        const task = recorded.get(claim.taskUuid);
        if (!task) stats.fenced++;
        else if (outcome.ok) stats.completed++;
        else stats.failed++;
        if (task?.retryInMs !== undefined) tasks.wakeIn(task.retryInMs);
      }
    } catch (error) {
      logger.error({ queue, err: error }, 'results could not be recorded; the tasks will run again');
    } finally {
      book.strike(claims);
    }
  }

  async function connectFanOutWhenTold(): Promise<FacadeClient> {
    skipFanOutDelay();
    await events.pass();
    if (stopping.aborted) return idleFanOutClient;
    return connectFanOut(pool, {
      onEvents: () => events.wake(),
      onTasks: () => wakeSoon(queue),
      onError(error) {
        report('turning events into tasks')(error);
        events.wakeIn(fanOutPauseMs);
      },
    });
  }

  /**
   * Between two fan-outs pg-tbus rests for 1.5 s, unless this process publishes. Our gate says when there are
   * events, so we let it believe that: a publication through a client that stores nothing.
   */
  function skipFanOutDelay(): void {
    if (!bus || eventName === undefined) return;
    const nowhere = { query: async () => ({ rows: [], rowCount: 0 }) };
    bus.publish({ event_name: eventName, data: {} }, nowhere).catch(report('waking the fan-out'));
  }

  function build(): Bus {
    const facade = createDatabaseFacade(pool, {
      claim,
      settle,
      purge: async (command) => {
        if (purges) await pool.query(command).catch(report('deleting old rows'));
      },
      connectFanOut: connectFanOutWhenTold,
      connectMigration: () => connectMigration(pool),
      hasEvents: eventName !== undefined,
    });
    const fresh = createTBus(queue, {
      db: facade,
      schema: queueSchema,
      worker: { concurrency, intervalInMs: loopMs },
    });
    for (const subscription of subscriptions) {
      subscription.register(fresh, async (envelope) => {
        const claimed = book.ofEnvelope(envelope);
        if (claimed) await runTask(claimed, subscription);
      });
    }
    return fresh;
  }

  return {
    queue,
    tasks,
    events,
    async start() {
      await keepTrying(
        async () => {
          // A bus whose start has failed believes that it runs and never starts again.
          bus = build();
          await bus.start();
        },
        {
          signal: stopping,
          onError(error) {
            if (!isOutage(error)) throw error;
            report('the start')(error);
          },
        },
      );
    },
    async stop() {
      tasks.close();
      events.close();
      await bus?.stop();
    },
  };
}
