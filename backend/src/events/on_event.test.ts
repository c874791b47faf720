import { expect, test } from 'vitest';
import { onEvent } from './on_event';
import type { QueueOptions } from './tbus';
import { until, useTestQueue } from './test_queue';
import { classRenamed } from './test_tasks';

const on = useTestQueue();

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
  await on.start(handlers(heard));
  await on.start(handlers(heard));
  await on.bed.inTransaction((query) => classRenamed.publish(query, { key: 'undone' }), 'ROLLBACK');
  const keys = Array.from({ length: 10 }, (_, n) => `${n}`);
  for (const key of keys) await on.bed.inTransaction((query) => classRenamed.publish(query, { key }));
  await until(() => expect(heard).toMatchObject({ ai: { length: 10 }, mail: { length: 10 } }));
  expect(heard.ai?.toSorted()).toEqual(keys);
  expect(heard.mail?.toSorted()).toEqual(keys);
});

test('handlers are started in the order of the events, those of one transaction included', async () => {
  const heard: Record<string, string[]> = { ai: [], mail: [] };
  await on.start(handlers(heard));
  const keys = Array.from({ length: 250 }, (_, n) => `${n}`);
  await on.bed.inTransaction(async (query) => {
    for (const key of keys) await classRenamed.publish(query, { key });
  });
  await until(() => expect(heard.mail).toHaveLength(250));
  expect(heard.mail).toEqual(keys);
});
