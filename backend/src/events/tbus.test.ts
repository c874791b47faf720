import { expect, test } from 'vitest';
import { onTask } from './on_task';
import { createQueue } from './tbus';
import { silentLogger } from './test_bed';
import { useTestQueue } from './test_queue';
import { aiWork } from './test_tasks';

const on = useTestQueue();

test('several processes may start at once on an empty schema, and again on one that is up to date', async () => {
  await Promise.all([on.start(), on.start(), on.start()]);
  await on.start();
  const { rows } = await on.bed.system.query(
    "select to_regclass('tbus.rapt_tasks_claim') is not null as made",
  );
  expect(rows[0].made).toBe(true);
});

test('a task of a queue that is not configured is refused when the queue is made', () => {
  expect(() =>
    createQueue({
      connection: on.bed.connection,
      queues: { mail: { concurrency: 1 } },
      tasks: [onTask(aiWork, async () => {})],
      logger: silentLogger,
    }),
  ).toThrow(/queue ai/);
});
