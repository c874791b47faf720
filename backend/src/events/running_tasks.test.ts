import { expect, test } from 'vitest';
import { onTask } from './on_task';
import { until, useTestQueue } from './test_queue';
import { aiWork, behave, mailWork } from './test_tasks';

const on = useTestQueue();

test('cancel aborts the signal of a task that runs, and one that waits never starts', async () => {
  let reason: unknown;
  const started: string[] = [];
  const worker = await on.start({
    tasks: [
      onTask(aiWork, async ({ input, signal }) => {
        started.push(input.key);
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        reason = signal.reason;
        return { late: true };
      }),
    ],
  });
  const other = await on.start();
  const running = await on.bed.inTransaction((query) => aiWork.send(query, { key: 'running' }));
  const waiting = await on.bed.inTransaction((query) =>
    aiWork.send(query, { key: 'waiting' }, { startAfterSeconds: 1 }),
  );
  other.wakeSoon('ai');
  await until(() => expect(started).toEqual(['running']));
  expect(await other.cancel(waiting)).toBe(true);
  expect(await other.cancel(running)).toBe(true);
  expect(await other.cancel(running)).toBe(false);
  await until(() => expect(reason).toMatchObject({ code: 'cancelled' }));
  await until(() => expect(worker.stats.fenced).toBe(1));
  expect(await on.bed.task(running)).toMatchObject({ state: 5, output: null });
  expect(await on.bed.log(running)).toMatchObject([
    { status: 'failed', error_code: 'cancelled', will_retry: false },
  ]);
  expect(await on.bed.log(waiting)).toEqual([]);
});

test('a queue whose slots are all taken does not hold up another', async () => {
  const started: string[] = [];
  const handler = behave((key) => started.push(key));
  const queue = await on.start({
    queues: { ai: { concurrency: 2 }, mail: { concurrency: 1 } },
    tasks: [onTask(aiWork, handler), onTask(mailWork, handler)],
  });
  await on.bed.inTransaction((query) =>
    aiWork.sendMany(
      query,
      ['a', 'b', 'c'].map((key) => ({ key, behaviour: 'hang' as const })),
    ),
  );
  queue.wakeSoon('ai');
  await until(() => expect(started).toEqual(['a', 'b']));
  const id = await on.bed.inTransaction((query) => mailWork.send(query, { key: 'letter' }));
  queue.wakeSoon('mail');
  await until(async () => expect(await on.stateOf(id)).toBe(3));
  expect(started).toEqual(['a', 'b', 'letter']);
});

test('an attempt that takes its time stands in the log while it runs', async () => {
  const queue = await on.start({
    tasks: [
      onTask(
        aiWork,
        behave(() => {}),
      ),
    ],
  });
  const id = await on.bed.inTransaction((query) =>
    aiWork.send(query, { key: 'long', behaviour: 'hang_once' }),
  );
  queue.wakeSoon('ai');
  await until(async () =>
    expect(await on.bed.log(id)).toMatchObject([{ status: 'active', finished_at: null }]),
  );
  await queue.stop({ drainMs: 0 });
  expect(await on.bed.log(id)).toMatchObject([
    { attempt: 1, status: 'failed', error_code: 'worker_stopped', will_retry: true },
  ]);
});

test('stop waits for what ends in time and hands the rest over as the next attempt', async () => {
  const started: string[] = [];
  const leaving = await on.start({
    tasks: [
      onTask(
        aiWork,
        behave((key) => started.push(key)),
      ),
    ],
  });
  const long = await on.bed.inTransaction((query) =>
    aiWork.send(query, { key: 'long', behaviour: 'hang_once' }),
  );
  const short = await on.bed.inTransaction((query) =>
    aiWork.send(query, { key: 'short', behaviour: 'pause', ms: 300 }),
  );
  leaving.wakeSoon('ai');
  await until(() => expect(started).toHaveLength(2));
  const staying = await on.start({
    tasks: [
      onTask(
        aiWork,
        behave(() => {}),
      ),
    ],
  });
  expect(await leaving.stop({ drainMs: 1_500 })).toEqual({ drained: false, handedOver: 1 });
  await until(async () => expect(await on.stateOf(long)).toBe(3));
  expect((await on.bed.task(long))?.output).toEqual({ key: 'long', attempt: 2 });
  expect((await on.bed.task(short))?.output).toEqual({ key: 'short', attempt: 1 });
  expect(staying.stats.completed).toBe(1);
});
