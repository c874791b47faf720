import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { createTestDatabase } from '../test/database';
import type { TaskId } from './define_task';
import type { Query } from './query';
import { createQueue, type Queue, type QueueOptions } from './tbus';
import { createTestBed, silentLogger } from './test_bed';

/** Waits for a fact in the database or in memory, looking often. */
export function until<T>(look: () => Promise<T> | T): Promise<T> {
  return vi.waitFor(look, { timeout: 20_000, interval: 15 });
}

/** A database for the test file, and queues over it that end with the test that started them. */
export function useTestQueue() {
  const open: Queue[] = [];
  let bed: ReturnType<typeof createTestBed>;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const database = await createTestDatabase();
    drop = database.drop;
    bed = createTestBed(database.url);
    // All the queue needs is to own its schema.
    await bed.owner.query(
      "do $$ begin execute format('revoke create on database %I from rapt_system', current_database()); end $$",
    );
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((queue) => queue.stop({ drainMs: 0 })));
    await bed.system.query('delete from tbus.tasks');
  });
  afterAll(async () => {
    await bed.close();
    await drop();
  });

  return {
    get bed() {
      return bed;
    },
    async start(options: Partial<QueueOptions> = {}): Promise<Queue> {
      const queue = createQueue({
        connection: bed.connection,
        queues: { ai: { concurrency: 4 }, mail: { concurrency: 2 } },
        producerRoles: ['rapt_app'],
        logger: silentLogger,
        ...options,
      });
      open.push(queue);
      await queue.start();
      return queue;
    },
    /** Runs `work` in a transaction of the app's role. */
    commit: <T>(work: (query: Query) => Promise<T>) => bed.inTransaction(work),
    stateOf: async (id: TaskId) => (await bed.task(id))?.state,
  };
}
