import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../lib/logger';
import { cancelTask } from './cancel_task';
import { type Claim, ClaimBook } from './claim_book';
import type { TaskId } from './define_task';
import { findLostClaims } from './find_lost_claims';
import { handOverTasks } from './hand_over_tasks';
import { installSchema } from './install_schema';
import { isOutage } from './is_outage';
import { keepTrying } from './keep_trying';
import { type DeadLetter, listDeadLetters } from './list_dead_letters';
import { createLiveness } from './liveness';
import type { EventSubscription } from './on_event';
import { assertPinnedPgTbus } from './pinned';
import type { Query } from './query';
import { createQueueBus, type QueueBus } from './queue_bus';
import { channels } from './queue_names';
import { createListenClient, createQueuePool, type QueueConnection } from './queue_pool';
import { createQueueStats, type QueueStats } from './queue_stats';
import { reapTasks } from './reap_tasks';
import { redriveTask } from './redrive_task';
import { releaseOrphans } from './release_orphans';
import { runEvery } from './run_every';
import { TaskAbortedError } from './run_task';
import { showActiveTasks } from './show_active_tasks';
import type { Subscription } from './subscription';
import { createWorkerWaker } from './wake_workers';

const reapMs = 200;
const showMs = 500;
const sweepMs = 2_500;
/** A claim whose answer has been on its way for so long will not be heard of: twice the statement's own limit. */
const orphanMs = 60_000;
/** What a stop may take beyond its drain: the hand-over, and the sessions' farewell. */
const farewellMs = 3_000;

export interface QueueOptions {
  connection: QueueConnection;
  /** The queues this process works at. One per class of work, so that none can starve another. */
  queues: Record<string, { concurrency: number }>;
  tasks?: Subscription[];
  events?: EventSubscription[];
  /** roles that may send and publish without being able to read the queue */
  producerRoles?: string[];
  logger: Logger;
  /** called with a queue's name whenever it is told, here or from another process, that it has work */
  onWake?(queue: string): void;
}

export interface StoppedQueue {
  /** everything that ran has ended by itself */
  drained: boolean;
  /** how many claimed tasks other workers now have */
  handedOver: number;
}

export interface Queue {
  stats: QueueStats;
  /**
   * Makes the schema and, where there are handlers, begins to work. Waits for a database that is out of reach.
   * @throws when pg-tbus is not the pinned one, or the database refuses
   */
  start(): Promise<void>;
  /**
   * Begins no more work and waits for what runs. After `drainMs` it aborts the rest and hands it over to other
   * workers, who see it as the next attempt. May be called again, by a second signal for instance.
   */
  stop(options?: { drainMs?: number }): Promise<StoppedQueue>;
  /** To be called after the commit of a transaction that sent tasks. Costs nothing worth saving. */
  wakeSoon(queue: string): void;
  /** False when the task has ended already. See `cancelTask`. */
  cancel(taskId: TaskId): Promise<boolean>;
  /** Tasks that failed for good, the latest first. */
  deadLetters(limit: number): Promise<DeadLetter[]>;
  /** Tries a dead letter again; false when there is none of this id. See `redriveTask`. */
  redrive(taskId: TaskId): Promise<boolean>;
}

/**
 * The queue of one process: pg-tbus, made to survive outages, to start work at once, to take over from workers
 * that die, and never to record a result twice. Without handlers it only sends, wakes and administers.
 */
export function createQueue(options: QueueOptions): Queue {
  const { connection, queues, tasks = [], events = [], producerRoles = [], logger, onWake } = options;
  const worker = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  const pool = createQueuePool(connection, worker, logger);
  const query: Query = (text, values) => pool.query(text, values);
  const stats = createQueueStats();
  const book = new ClaimBook();
  const stopping = new AbortController();
  const closed = new AbortController();
  const waker = createWorkerWaker(pool, worker, (error) => logger.warn({ err: error }, 'a wake was lost'));
  const buses = createBuses();
  const repetitions: (() => Promise<void>)[] = [];
  let started = false;
  let stopped: Promise<StoppedQueue> | undefined;

  const liveness = createLiveness({
    worker,
    pool,
    createClient: () => createListenClient(connection, worker),
    logger,
    onNotification(channel, payload) {
      if (channel === channels.cancel) book.abort(payload, new TaskAbortedError('cancelled'));
      else if (channel === channels.event) for (const bus of buses.values()) bus.events.wake();
      else if (channel === channels.wake && !payload.startsWith(`${worker} `)) {
        wakeHere(payload.slice(payload.indexOf(' ') + 1));
      }
    },
    onSilence() {
      for (const bus of buses.values()) {
        bus.tasks.wake();
        bus.events.wake();
      }
      abortLostClaims().catch((error) => logger.warn({ err: error }, 'claims could not be checked'));
    },
  });

  function createBuses(): Map<string, QueueBus> {
    const made = new Map<string, QueueBus>();
    for (const { name, queue } of [...tasks, ...events]) {
      if (!queues[queue]) throw new Error(`${name} belongs to the queue ${queue}, which is not configured`);
    }
    for (const [queue, { concurrency }] of Object.entries(queues)) {
      const subscriptions = [...tasks, ...events].filter((subscription) => subscription.queue === queue);
      if (subscriptions.length === 0) continue;
      const eventName = events.find((subscription) => subscription.queue === queue)?.eventName;
      const purges = made.size === 0;
      made.set(
        queue,
        createQueueBus(
          { queue, concurrency, subscriptions, eventName, purges },
          { worker, pool, book, stats, logger, stopping: stopping.signal, closed: closed.signal, wakeSoon },
        ),
      );
    }
    return made;
  }

  function wakeHere(queue: string): void {
    buses.get(queue)?.tasks.wake();
    onWake?.(queue);
  }

  function wakeSoon(queue: string): void {
    wakeHere(queue);
    waker.wake(queue);
  }

  async function abortLostClaims(): Promise<void> {
    for (const claim of await findLostClaims(pool, book.all(), worker)) {
      claim.controller.abort(new TaskAbortedError('claim_lost'));
    }
  }

  async function reap(): Promise<void> {
    if (!liveness.isSteady()) return;
    for (const { queue, count } of await reapTasks(pool)) {
      stats.reaped += count;
      logger.warn({ queue, count }, 'took tasks from a worker that was lost');
      wakeSoon(queue);
    }
  }

  async function handOver(claims: Claim[]): Promise<void> {
    for (const queue of await handOverTasks(pool, claims, worker)) waker.wake(queue);
  }

  async function sweep(): Promise<void> {
    const orphans = await releaseOrphans(pool, { worker, claims: book.all(), olderThanMs: orphanMs });
    for (const queue of orphans) wakeSoon(queue);
  }

  async function start(): Promise<void> {
    assertPinnedPgTbus();
    await keepTrying(() => installSchema(pool, producerRoles), {
      signal: stopping.signal,
      onError(error) {
        if (!isOutage(error)) throw error;
        logger.warn({ err: error }, 'the queue waits for its database');
      },
    });
    if (buses.size === 0) return;
    started = true;
    // Others must see that we live before we claim anything, or they would take it from us.
    await liveness.start();
    await Promise.all([...buses.values()].map((bus) => bus.start()));
    const work: [number, () => Promise<void>][] = [
      [reapMs, reap],
      [showMs, () => showActiveTasks(pool, book.all(), worker)],
      [sweepMs, sweep],
    ];
    for (const [ms, run] of work) {
      repetitions.push(
        runEvery(ms, run, (error) => logger.warn({ err: error }, 'the housekeeping of the queue failed')),
      );
    }
  }

  /** Resolves false when it took too long. */
  async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
    const timer = new AbortController();
    const late = delay(ms, false, { signal: timer.signal }).catch(() => false);
    const done = await Promise.race([work.then(() => true), late]);
    timer.abort();
    return done;
  }

  async function stopOnce(drainMs: number): Promise<StoppedQueue> {
    stopping.abort();
    const drained = await within(drainMs, Promise.all([...buses.values()].map((bus) => bus.stop())));
    await within(farewellMs, Promise.all(repetitions.map((end) => end())));
    const left = book.all();
    // First out of the book: what the aborted handlers come to is not to be recorded in the new attempt's way.
    book.strike(left);
    for (const claim of left) claim.controller.abort(new TaskAbortedError('worker_stopped'));
    const timeUp = AbortSignal.any([closed.signal, AbortSignal.timeout(farewellMs)]);
    // If it fails the others find out that we are gone, a little later.
    await keepTrying(() => handOver(left), { signal: timeUp, onError: () => {} }).catch((error) =>
      logger.warn({ err: error }, 'tasks could not be handed over'),
    );
    await within(farewellMs, waker.flush());
    closed.abort();
    if (started) await within(farewellMs, liveness.stop());
    await within(farewellMs, pool.end());
    return { drained, handedOver: left.length };
  }

  return {
    stats,
    start,
    stop({ drainMs = 10_000 } = {}) {
      stopped ??= stopOnce(drainMs);
      return stopped;
    },
    wakeSoon,
    cancel: (taskId) => cancelTask(query, taskId),
    deadLetters: (limit) => listDeadLetters(query, limit),
    async redrive(taskId) {
      const queue = await redriveTask(query, taskId);
      if (queue !== undefined) wakeSoon(queue);
      return queue !== undefined;
    },
  };
}
