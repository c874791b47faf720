import { newId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createTestDatabase } from '../test/database';
import { defineTask } from './define_task';
import { onEvent } from './on_event';
import { onTask } from './on_task';
import { PermanentTaskError } from './permanent_task_error';
import { createQueue, type Queue, type QueueOptions } from './tbus';
import { createTestBed, silentLogger, startWorkerProcess } from './test_bed';
import { aiWork, behave, classRenamed, mailWork } from './test_tasks';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let bed: ReturnType<typeof createTestBed>;
const open: Queue[] = [];

async function start(options: Partial<QueueOptions> = {}): Promise<Queue> {
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
}

/** Waits for a fact in the database or in memory, looking often. */
const until = <T>(look: () => Promise<T> | T) => vi.waitFor(look, { timeout: 15_000, interval: 15 });
const stateOf = async (id: Parameters<typeof bed.task>[0]) => (await bed.task(id))?.state;

beforeAll(async () => {
  database = await createTestDatabase();
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
  await database.drop();
});

test('several processes may start at once on an empty schema, and again on one that is up to date', async () => {
  await Promise.all([start(), start(), start()]);
  await start();
  const { rows } = await bed.system.query("select to_regclass('tbus.rapt_tasks_claim') is not null as made");
  expect(rows[0].made).toBe(true);
});

describe('sending', () => {
  test('a send that is rolled back never runs', async () => {
    const started: string[] = [];
    const queue = await start({
      tasks: [
        onTask(
          aiWork,
          behave((key) => started.push(key)),
        ),
      ],
    });
    await bed.inTransaction((query) => aiWork.send(query, { key: 'undone' }), 'ROLLBACK');
    const id = await bed.inTransaction((query) => aiWork.send(query, { key: 'done' }));
    queue.wakeSoon('ai');
    await until(async () => expect(await stateOf(id)).toBe(3));
    expect(started).toEqual(['done']);
    const { rows } = await bed.system.query('select count(*)::int as count from tbus.tasks');
    expect(rows[0].count).toBe(1);
  });

  test('a committed send starts in another process at once, told by one that only sends', async () => {
    const worker = await startWorkerProcess(database.url);
    const producer = await start();
    const waits: number[] = [];
    for (let n = 0; n < 5; n++) {
      await bed.inTransaction((query) => aiWork.send(query, { key: `far ${n}` }));
      const committed = performance.now();
      producer.wakeSoon('ai');
      await worker.started(`far ${n}`, 1);
      waits.push(performance.now() - committed);
    }
    // Half a second is far from the five after which it would be found without being told.
    expect(Math.max(...waits)).toBeLessThan(1_000);
    await worker.kill();
  });

  test('ids of many are in the order of the inputs, and so is the work', async () => {
    const started: string[] = [];
    const ids = await bed.inTransaction((query) =>
      mailWork.sendMany(
        query,
        Array.from({ length: 20 }, (_, n) => ({ key: `${n}` })),
      ),
    );
    await start({
      queues: { mail: { concurrency: 1 } },
      tasks: [
        onTask(
          mailWork,
          behave((key) => started.push(key)),
        ),
      ],
    });
    await until(async () => expect(await Promise.all(ids.map(stateOf))).toEqual(ids.map(() => 3)));
    expect(started).toEqual(ids.map((_, n) => `${n}`));
    expect((await bed.task(ids[7] ?? newId('task')))?.output).toEqual({ key: '7', attempt: 1 });
  });

  test('while a task stands for a singleton key, sending answers with its id', async () => {
    await start();
    const send = (key: string, singletonKey: string) =>
      bed.inTransaction((query) => aiWork.send(query, { key }, { singletonKey }));
    const first = await send('first', 'one');
    expect(await send('second', 'one')).toBe(first);
    expect(await send('third', 'two')).not.toBe(first);
    // Another kind of task in the same queue has keys of its own.
    const other = defineTask({ name: 'test.other', queue: 'ai', input: z.object({}) });
    const otherId = await bed.inTransaction((query) => other.send(query, {}, { singletonKey: 'one' }));
    expect(otherId).not.toBe(first);

    await start({
      tasks: [
        onTask(
          aiWork,
          behave(() => {}),
        ),
      ],
    });
    await until(async () => expect(await stateOf(first)).toBe(3));
    expect(await send('fourth', 'one')).not.toBe(first);
  });

  test('an input that does not fit is refused before it is stored', async () => {
    const poor: object = { key: 7 };
    const query = async () => ({ rows: [] });
    await expect(aiWork.send(query, Object.assign({ key: '' }, poor))).rejects.toThrow(z.ZodError);
  });

  test('the role of the app may send and publish but not read what others sent', async () => {
    await start();
    await bed.inTransaction((query) => aiWork.send(query, { key: 'mine' }));
    await bed.inTransaction((query) => classRenamed.publish(query, { key: 'mine' }));
    await expect(bed.app.query('select * from tbus.tasks')).rejects.toThrow(/permission denied/);
    await expect(bed.app.query('select * from tbus.events')).rejects.toThrow(/permission denied/);
  });

  test('a delayed task starts when it is due, not before and not at the next look', async () => {
    let startedAt = 0;
    const queue = await start({
      tasks: [
        onTask(
          aiWork,
          behave(() => {
            startedAt = Date.now();
          }),
        ),
      ],
    });
    const sentAt = Date.now();
    await bed.inTransaction((query) => aiWork.send(query, { key: 'later' }, { startAfterSeconds: 1 }));
    queue.wakeSoon('ai');
    await until(() => expect(startedAt).toBeGreaterThan(0));
    expect(startedAt - sentAt).toBeGreaterThanOrEqual(990);
    expect(startedAt - sentAt).toBeLessThan(3_000);
  });
});

describe('failing', () => {
  test('a task that fails is retried, dead-lettered, and runs again when it is redriven', async () => {
    const tenantId = newId('tenant');
    let broken = true;
    const attempts: number[] = [];
    const queue = await start({
      tasks: [
        onTask(aiWork, async ({ attempt, maxAttempts }) => {
          attempts.push(attempt);
          if (broken) throw Object.assign(new Error(`no \0 good of ${maxAttempts}`), { code: 'no_good' });
          return { fine: true };
        }),
      ],
    });
    const id = await bed.inTransaction((query) => aiWork.send(query, { key: 'bad', tenantId }));
    queue.wakeSoon('ai');
    await until(async () => expect(await stateOf(id)).toBe(6));
    expect(attempts).toEqual([1, 2, 3]);
    expect(await queue.deadLetters(10)).toMatchObject([
      { taskId: id, taskName: 'test.ai', queue: 'ai', attempts: 3, error: { code: 'no_good' } },
    ]);

    broken = false;
    expect(await queue.redrive(id)).toBe(true);
    expect(await queue.redrive(id)).toBe(false);
    await until(async () => expect(await stateOf(id)).toBe(3));
    expect((await bed.task(id))?.output).toEqual({ fine: true });
    expect(await queue.deadLetters(10)).toEqual([]);

    const log = await bed.log(id);
    expect(log.map(({ attempt, status, will_retry }) => [attempt, status, will_retry])).toEqual([
      [1, 'failed', true],
      [2, 'failed', true],
      [3, 'failed', false],
      [4, 'completed', false],
    ]);
    expect(log[0]).toMatchObject({
      tenant_id: uuidFromId('tenant', tenantId),
      task_name: 'test.ai',
      queue: 'ai',
      error_code: 'no_good',
      error_message: 'no \ufffd good of 3',
    });
    expect(log[0].finished_at.getTime()).toBeGreaterThanOrEqual(log[0].started_at.getTime());
  });

  test('poison goes to the dead letters at once and the queue works on', async () => {
    const started: string[] = [];
    const queue = await start({
      tasks: [
        onTask(
          aiWork,
          behave((key) => started.push(key)),
        ),
      ],
    });
    const poisons = [
      '{"tn": "test.ai", "data": {"v": {"key": 7}, "m": {}}}',
      '{"tn": "test.ai", "data": {"v": {"key": "x", "behaviour": "explode"}, "m": {"tenantId": "no uuid"}}}',
      '{"tn": "test.ai", "data": {"v": 3, "m": 4}}',
    ];
    for (const data of poisons) {
      await bed.system.query("insert into tbus.tasks (queue, data, retrylimit) values ('ai', $1, 5)", [data]);
    }
    const id = await bed.inTransaction((query) => aiWork.send(query, { key: 'good' }));
    queue.wakeSoon('ai');
    await until(async () => expect(await stateOf(id)).toBe(3));
    await until(async () => expect(await queue.deadLetters(10)).toHaveLength(3));
    const dead = await queue.deadLetters(10);
    expect(dead.map(({ error, attempts }) => [error?.code, attempts])).toEqual(
      poisons.map(() => ['invalid_input', 1]),
    );
    expect(started).toEqual(['good']);
  });

  test('rows that are no tasks at all fail like a task nobody knows, and the queue works on', async () => {
    const queue = await start({
      tasks: [
        onTask(
          aiWork,
          behave(() => {}),
        ),
      ],
    });
    await bed.system.query(
      `insert into tbus.tasks (queue, data) values ('ai', null), ('ai', '[]'), ('ai', '{"tn": 1}'), ('ai', '{"tn": "test.gone", "data": {}}')`,
    );
    queue.wakeSoon('ai');
    await until(async () => expect(await queue.deadLetters(10)).toHaveLength(4));
    expect((await queue.deadLetters(10)).map(({ error }) => error?.code)).toEqual(
      Array.from({ length: 4 }, () => 'unknown_task'),
    );
  });

  test('a permanent error is not retried', async () => {
    const queue = await start({
      tasks: [
        onTask(aiWork, async () => {
          throw new PermanentTaskError('gone', 'the class was deleted');
        }),
      ],
    });
    const id = await bed.inTransaction((query) => aiWork.send(query, { key: 'x' }));
    queue.wakeSoon('ai');
    await until(async () => expect(await stateOf(id)).toBe(6));
    expect((await bed.log(id)).map(({ error_code, will_retry }) => [error_code, will_retry])).toEqual([
      ['gone', false],
    ]);
  });

  test('an output that cannot be stored harms nobody else', async () => {
    const queue = await start({
      tasks: [
        onTask(aiWork, async ({ input }) => {
          if (input.key === 'nul') return { text: 'a\0b\ud800c😀' };
          if (input.key === 'poor key') return { 'a\0b': 1 };
          if (input.key === 'big') return { count: 7n };
          return { key: input.key };
        }),
      ],
    });
    const ids = await bed.inTransaction((query) =>
      aiWork.sendMany(
        query,
        ['good', 'nul', 'poor key', 'big'].map((key) => ({ key })),
      ),
    );
    queue.wakeSoon('ai');
    await until(async () => expect(await Promise.all(ids.map(stateOf))).toEqual([3, 3, 6, 6]));
    const outputs = await Promise.all(ids.map(async (id) => (await bed.task(id))?.output));
    expect(outputs.slice(0, 2)).toEqual([{ key: 'good' }, { text: 'a\ufffdb\ufffdc😀' }]);
    expect(outputs.slice(2)).toMatchObject([
      { code: 'output_not_storable' },
      { code: 'output_not_storable' },
    ]);
  });

  test('past its deadline a task is aborted and the attempt fails', async () => {
    const hasty = defineTask({
      name: 'test.hasty',
      queue: 'ai',
      input: z.object({}),
      deadlineSeconds: 0.2,
      retry: { limit: 0, delaySeconds: 0, backoff: false },
    });
    const queue = await start({
      tasks: [
        onTask(
          hasty,
          ({ signal }) => new Promise<void>((_, reject) => signal.addEventListener('abort', reject)),
        ),
      ],
    });
    const id = await bed.inTransaction((query) => hasty.send(query, {}));
    queue.wakeSoon('ai');
    await until(async () => expect(await stateOf(id)).toBe(6));
    expect((await bed.log(id))[0].error_code).toBe('deadline_exceeded');
  });
});

describe('running', () => {
  test('cancel aborts the signal of a task that runs, and one that waits never starts', async () => {
    let reason: unknown;
    const started: string[] = [];
    const worker = await start({
      tasks: [
        onTask(aiWork, async ({ input, signal }) => {
          started.push(input.key);
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
          reason = signal.reason;
          return { late: true };
        }),
      ],
    });
    const other = await start();
    const running = await bed.inTransaction((query) => aiWork.send(query, { key: 'running' }));
    const waiting = await bed.inTransaction((query) =>
      aiWork.send(query, { key: 'waiting' }, { startAfterSeconds: 1 }),
    );
    other.wakeSoon('ai');
    await until(() => expect(started).toEqual(['running']));
    expect(await other.cancel(waiting)).toBe(true);
    expect(await other.cancel(running)).toBe(true);
    expect(await other.cancel(running)).toBe(false);
    await until(() => expect(reason).toMatchObject({ code: 'cancelled' }));
    await until(() => expect(worker.stats.fenced).toBe(1));
    expect(await bed.task(running)).toMatchObject({ state: 5, output: null });
    expect(await bed.log(running)).toMatchObject([
      { status: 'failed', error_code: 'cancelled', will_retry: false },
    ]);
    expect(await bed.log(waiting)).toEqual([]);
  });

  test('a queue whose slots are all taken does not hold up another', async () => {
    const started: string[] = [];
    const handler = behave((key) => started.push(key));
    const queue = await start({
      queues: { ai: { concurrency: 2 }, mail: { concurrency: 1 } },
      tasks: [onTask(aiWork, handler), onTask(mailWork, handler)],
    });
    await bed.inTransaction((query) =>
      aiWork.sendMany(
        query,
        ['a', 'b', 'c'].map((key) => ({ key, behaviour: 'hang' as const })),
      ),
    );
    queue.wakeSoon('ai');
    await until(() => expect(started).toEqual(['a', 'b']));
    const id = await bed.inTransaction((query) => mailWork.send(query, { key: 'letter' }));
    queue.wakeSoon('mail');
    await until(async () => expect(await stateOf(id)).toBe(3));
    expect(started).toEqual(['a', 'b', 'letter']);
  });

  test('an attempt that takes its time stands in the log while it runs', async () => {
    const queue = await start({
      tasks: [
        onTask(
          aiWork,
          behave(() => {}),
        ),
      ],
    });
    const id = await bed.inTransaction((query) =>
      aiWork.send(query, { key: 'long', behaviour: 'hang_once' }),
    );
    queue.wakeSoon('ai');
    await until(async () =>
      expect(await bed.log(id)).toMatchObject([{ status: 'active', finished_at: null }]),
    );
    await queue.stop({ drainMs: 0 });
    expect(await bed.log(id)).toMatchObject([
      { attempt: 1, status: 'failed', error_code: 'worker_stopped', will_retry: true },
    ]);
  });

  test('stop waits for what ends in time and hands the rest over as the next attempt', async () => {
    const started: string[] = [];
    const leaving = await start({
      tasks: [
        onTask(
          aiWork,
          behave((key) => started.push(key)),
        ),
      ],
    });
    const long = await bed.inTransaction((query) =>
      aiWork.send(query, { key: 'long', behaviour: 'hang_once' }),
    );
    const short = await bed.inTransaction((query) =>
      aiWork.send(query, { key: 'short', behaviour: 'pause', ms: 300 }),
    );
    leaving.wakeSoon('ai');
    await until(() => expect(started).toHaveLength(2));
    const staying = await start({
      tasks: [
        onTask(
          aiWork,
          behave(() => {}),
        ),
      ],
    });
    expect(await leaving.stop({ drainMs: 1_500 })).toEqual({ drained: false, handedOver: 1 });
    await until(async () => expect(await stateOf(long)).toBe(3));
    expect((await bed.task(long))?.output).toEqual({ key: 'long', attempt: 2 });
    expect((await bed.task(short))?.output).toEqual({ key: 'short', attempt: 1 });
    expect(staying.stats.completed).toBe(1);
  });
});

describe('events', () => {
  const handlers = (heard: Record<string, string[]>): Partial<QueueOptions> => ({
    queues: { ai: { concurrency: 1 }, mail: { concurrency: 1 } },
    events: ['ai', 'mail'].map((queue) =>
      onEvent(classRenamed, { name: `${queue}.on_class_renamed`, queue }, async ({ input }) => {
        heard[queue]?.push(input.key);
      }),
    ),
  });

  test('every queue is told of an event once, however many workers it has, and not when it was rolled back', async () => {
    const heard: Record<string, string[]> = { ai: [], mail: [] };
    await start(handlers(heard));
    await start(handlers(heard));
    await bed.inTransaction((query) => classRenamed.publish(query, { key: 'undone' }), 'ROLLBACK');
    const keys = Array.from({ length: 10 }, (_, n) => `${n}`);
    for (const key of keys) await bed.inTransaction((query) => classRenamed.publish(query, { key }));
    await until(() => expect(heard).toMatchObject({ ai: { length: 10 }, mail: { length: 10 } }));
    expect(heard.ai?.toSorted()).toEqual(keys);
    expect(heard.mail?.toSorted()).toEqual(keys);
  });

  test('handlers are started in the order of the events, those of one transaction included', async () => {
    const heard: Record<string, string[]> = { ai: [], mail: [] };
    await start(handlers(heard));
    const keys = Array.from({ length: 250 }, (_, n) => `${n}`);
    await bed.inTransaction(async (query) => {
      for (const key of keys) await classRenamed.publish(query, { key });
    });
    await until(() => expect(heard.mail).toHaveLength(250));
    expect(heard.mail).toEqual(keys);
  });
});

test('a task of a queue that is not configured is refused when the queue is made', () => {
  expect(() =>
    createQueue({
      connection: bed.connection,
      queues: { mail: { concurrency: 1 } },
      tasks: [onTask(aiWork, async () => {})],
      logger: silentLogger,
    }),
  ).toThrow(/queue ai/);
});
