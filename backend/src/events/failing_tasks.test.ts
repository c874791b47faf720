import { newId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineTask } from './define_task';
import { onTask } from './on_task';
import { PermanentTaskError } from './permanent_task_error';
import { silentLogger } from './test_bed';
import { until, useTestQueue } from './test_queue';
import { aiWork, behave } from './test_tasks';

const on = useTestQueue();

test('a task that fails is retried, dead-lettered, and runs again when it is redriven', async () => {
  const tenantId = newId('tenant');
  let broken = true;
  const attempts: number[] = [];
  const queue = await on.start({
    tasks: [
      onTask(aiWork, async ({ attempt, maxAttempts }) => {
        attempts.push(attempt);
        if (broken) throw Object.assign(new Error(`no \0 good of ${maxAttempts}`), { code: 'no_good' });
        return { fine: true };
      }),
    ],
  });
  const id = await on.bed.inTransaction((query) => aiWork.send(query, { key: 'bad', tenantId }));
  queue.wakeSoon('ai');
  await until(async () => expect(await on.stateOf(id)).toBe(6));
  expect(attempts).toEqual([1, 2, 3]);
  expect(await queue.deadLetters(10)).toMatchObject([
    { taskId: id, taskName: 'test.ai', queue: 'ai', attempts: 3, error: { code: 'no_good' } },
  ]);

  broken = false;
  expect(await queue.redrive(id)).toBe(true);
  expect(await queue.redrive(id)).toBe(false);
  await until(async () => expect(await on.stateOf(id)).toBe(3));
  expect((await on.bed.task(id))?.output).toEqual({ fine: true });
  expect(await queue.deadLetters(10)).toEqual([]);

  const log = await on.bed.log(id);
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
  const queue = await on.start({
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
    await on.bed.system.query("insert into tbus.tasks (queue, data, retrylimit) values ('ai', $1, 5)", [
      data,
    ]);
  }
  const id = await on.bed.inTransaction((query) => aiWork.send(query, { key: 'good' }));
  queue.wakeSoon('ai');
  await until(async () => expect(await on.stateOf(id)).toBe(3));
  await until(async () => expect(await queue.deadLetters(10)).toHaveLength(3));
  const dead = await queue.deadLetters(10);
  expect(dead.map(({ error, attempts }) => [error?.code, attempts])).toEqual(
    poisons.map(() => ['invalid_input', 1]),
  );
  expect(started).toEqual(['good']);
});

test('rows that are no tasks at all fail like a task nobody knows, and the queue works on', async () => {
  const queue = await on.start({
    tasks: [
      onTask(
        aiWork,
        behave(() => {}),
      ),
    ],
  });
  await on.bed.system.query(
    `insert into tbus.tasks (queue, data) values ('ai', null), ('ai', '[]'), ('ai', '{"tn": 1}'), ('ai', '{"tn": "test.gone", "data": {}}')`,
  );
  queue.wakeSoon('ai');
  await until(async () => expect(await queue.deadLetters(10)).toHaveLength(4));
  expect((await queue.deadLetters(10)).map(({ error }) => error?.code)).toEqual(
    Array.from({ length: 4 }, () => 'unknown_task'),
  );
});

test('a permanent error is not retried', async () => {
  const queue = await on.start({
    tasks: [
      onTask(aiWork, async () => {
        throw new PermanentTaskError('gone', 'the class was deleted');
      }),
    ],
  });
  const id = await on.bed.inTransaction((query) => aiWork.send(query, { key: 'x' }));
  queue.wakeSoon('ai');
  await until(async () => expect(await on.stateOf(id)).toBe(6));
  expect((await on.bed.log(id)).map(({ error_code, will_retry }) => [error_code, will_retry])).toEqual([
    ['gone', false],
  ]);
});

test('an output that cannot be stored harms nobody else', async () => {
  const queue = await on.start({
    tasks: [
      onTask(aiWork, async ({ input }) => {
        if (input.key === 'nul') return { text: 'a\0b\ud800c😀' };
        if (input.key === 'poor key') return { 'a\0b': 1 };
        if (input.key === 'big') return { count: 7n };
        return { key: input.key };
      }),
    ],
  });
  const ids = await on.bed.inTransaction((query) =>
    aiWork.sendMany(
      query,
      ['good', 'nul', 'poor key', 'big'].map((key) => ({ key })),
    ),
  );
  queue.wakeSoon('ai');
  await until(async () => expect(await Promise.all(ids.map(on.stateOf))).toEqual([3, 3, 6, 6]));
  const outputs = await Promise.all(ids.map(async (id) => (await on.bed.task(id))?.output));
  expect(outputs.slice(0, 2)).toEqual([{ key: 'good' }, { text: 'a\ufffdb\ufffdc😀' }]);
  expect(outputs.slice(2)).toMatchObject([{ code: 'output_not_storable' }, { code: 'output_not_storable' }]);
});

test('past its deadline a task is aborted and the attempt fails', async () => {
  const hasty = defineTask({
    name: 'test.hasty',
    queue: 'ai',
    input: z.object({}),
    deadlineSeconds: 0.2,
    retry: { limit: 0, delaySeconds: 0, backoff: false },
  });
  const queue = await on.start({
    tasks: [
      onTask(
        hasty,
        ({ signal }) => new Promise<void>((_, reject) => signal.addEventListener('abort', reject)),
      ),
    ],
  });
  const id = await on.bed.inTransaction((query) => hasty.send(query, {}));
  queue.wakeSoon('ai');
  await until(async () => expect(await on.stateOf(id)).toBe(6));
  expect((await on.bed.log(id))[0].error_code).toBe('deadline_exceeded');
});

test('a fault in the database that is no outage is reported with its cause', async () => {
  const errors: object[] = [];
  const logger = { ...silentLogger, error: (fields: object) => errors.push(fields) };
  const queue = await on.start({ tasks: [onTask(aiWork, async () => ({ fine: true }))], logger });
  await on.bed.owner.query('alter table tbus.tasks rename to mislaid');
  try {
    queue.wakeSoon('ai');
    await until(() => expect(errors).toContainEqual(expect.objectContaining({ err: expect.any(Error) })));
  } finally {
    await on.bed.owner.query('alter table tbus.mislaid rename to tasks');
  }
});
