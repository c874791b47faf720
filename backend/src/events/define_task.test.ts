import { newId } from '@raptscallions/zod-schemas/rich_id';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineTask } from './define_task';
import { onTask } from './on_task';
import { startWorkerProcess } from './test_bed';
import { until, useTestQueue } from './test_queue';
import { aiWork, behave, classRenamed, mailWork } from './test_tasks';

const on = useTestQueue();

test('a send that is rolled back never runs', async () => {
  const started: string[] = [];
  const queue = await on.start({
    tasks: [
      onTask(
        aiWork,
        behave((key) => started.push(key)),
      ),
    ],
  });
  await on.bed.inTransaction((query) => aiWork.send(query, { key: 'undone' }), 'ROLLBACK');
  const id = await on.bed.inTransaction((query) => aiWork.send(query, { key: 'done' }));
  queue.wakeSoon('ai');
  await until(async () => expect(await on.stateOf(id)).toBe(3));
  expect(started).toEqual(['done']);
  const { rows } = await on.bed.system.query('select count(*)::int as count from tbus.tasks');
  expect(rows[0].count).toBe(1);
});

test('a committed send starts in another process at once, told by one that only sends', async () => {
  const worker = await startWorkerProcess(on.bed.url);
  const producer = await on.start();
  const waits: number[] = [];
  for (let n = 0; n < 5; n++) {
    await on.bed.inTransaction((query) => aiWork.send(query, { key: `far ${n}` }));
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
  const ids = await on.bed.inTransaction((query) =>
    mailWork.sendMany(
      query,
      Array.from({ length: 20 }, (_, n) => ({ key: `${n}` })),
    ),
  );
  await on.start({
    queues: { mail: { concurrency: 1 } },
    tasks: [
      onTask(
        mailWork,
        behave((key) => started.push(key)),
      ),
    ],
  });
  await until(async () => expect(await Promise.all(ids.map(on.stateOf))).toEqual(ids.map(() => 3)));
  expect(started).toEqual(ids.map((_, n) => `${n}`));
  expect((await on.bed.task(ids[7] ?? newId('task')))?.output).toEqual({ key: '7', attempt: 1 });
});

test('while a task stands for a singleton key, sending answers with its id', async () => {
  await on.start();
  const send = (key: string, singletonKey: string) =>
    on.bed.inTransaction((query) => aiWork.send(query, { key }, { singletonKey }));
  const first = await send('first', 'one');
  expect(await send('second', 'one')).toBe(first);
  expect(await send('third', 'two')).not.toBe(first);
  // Another kind of task in the same queue has keys of its own.
  const other = defineTask({ name: 'test.other', queue: 'ai', input: z.object({}) });
  const otherId = await on.bed.inTransaction((query) => other.send(query, {}, { singletonKey: 'one' }));
  expect(otherId).not.toBe(first);

  await on.start({
    tasks: [
      onTask(
        aiWork,
        behave(() => {}),
      ),
    ],
  });
  await until(async () => expect(await on.stateOf(first)).toBe(3));
  expect(await send('fourth', 'one')).not.toBe(first);
});

test('an input that does not fit is refused before it is stored', async () => {
  const poor: object = { key: 7 };
  const query = async () => ({ rows: [] });
  await expect(aiWork.send(query, Object.assign({ key: '' }, poor))).rejects.toThrow(z.ZodError);
});

test('the role of the app may send and publish but not read what others sent', async () => {
  await on.start();
  await on.bed.inTransaction((query) => aiWork.send(query, { key: 'mine' }));
  await on.bed.inTransaction((query) => classRenamed.publish(query, { key: 'mine' }));
  await expect(on.bed.app.query('select * from tbus.tasks')).rejects.toThrow(/permission denied/);
  await expect(on.bed.app.query('select * from tbus.events')).rejects.toThrow(/permission denied/);
});

test('a delayed task starts when it is due, not before and not at the next look', async () => {
  let startedAt = 0;
  const queue = await on.start({
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
  await on.bed.inTransaction((query) => aiWork.send(query, { key: 'later' }, { startAfterSeconds: 1 }));
  queue.wakeSoon('ai');
  await until(() => expect(startedAt).toBeGreaterThan(0));
  expect(startedAt - sentAt).toBeGreaterThanOrEqual(990);
  expect(startedAt - sentAt).toBeLessThan(3_000);
});
