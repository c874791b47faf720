import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase } from '../test/database';
import { createQueue, type Queue } from './tbus';
import { createTestBed, silentLogger, startWorkerProcess } from './test_bed';
import { aiWork } from './test_tasks';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let bed: ReturnType<typeof createTestBed>;
let producer: Queue;
const workers: Awaited<ReturnType<typeof startWorkerProcess>>[] = [];

async function startWorker() {
  const worker = await startWorkerProcess(database.url);
  workers.push(worker);
  return worker;
}

const until = <T>(look: () => Promise<T> | T) => vi.waitFor(look, { timeout: 20_000, interval: 20 });

beforeAll(async () => {
  database = await createTestDatabase();
  bed = createTestBed(database.url);
  producer = createQueue({
    connection: bed.connection,
    queues: {},
    producerRoles: ['rapt_app'],
    logger: silentLogger,
  });
  await producer.start();
});
afterAll(async () => {
  await producer.stop();
  await Promise.all(workers.map((worker) => worker.kill()));
  await bed.close();
  await database.drop();
});

test('a survivor takes over from a worker that was killed', async () => {
  const victim = await startWorker();
  const id = await bed.inTransaction((query) =>
    aiWork.send(query, { key: 'orphan', behaviour: 'hang_once' }),
  );
  producer.wakeSoon('ai');
  await victim.started('orphan', 1);
  const survivor = await startWorker();
  await victim.kill();
  await survivor.started('orphan', 2);
  await until(async () => expect(await bed.task(id)).toMatchObject({ state: 3, output: { attempt: 2 } }));
  expect(await bed.log(id)).toMatchObject([
    { attempt: 1, status: 'failed', error_code: 'worker_lost', will_retry: true },
    { attempt: 2, status: 'completed' },
  ]);
  await survivor.kill();
});

test('the late result of a worker that was paused and replaced changes nothing', async () => {
  const sleeper = await startWorker();
  const id = await bed.inTransaction((query) =>
    aiWork.send(query, { key: 'late', behaviour: 'pause', ms: 200 }),
  );
  producer.wakeSoon('ai');
  await sleeper.started('late', 1);
  sleeper.child.kill('SIGSTOP');
  const survivor = await startWorker();
  // A paused worker keeps its session, so it is given half a minute; the test does not wait for that.
  await bed.system.query(
    "update tbus.rapt_workers set seen = now() - interval '1 minute' where worker like $1",
    [`%:${sleeper.child.pid}:%`],
  );
  await survivor.started('late', 2);
  await until(async () => expect(await bed.task(id)).toMatchObject({ state: 3, output: { attempt: 2 } }));
  const before = await bed.task(id);

  sleeper.child.kill('SIGCONT');
  await sleeper.hear(
    ({ stats }) => typeof stats === 'object' && stats !== null && 'fenced' in stats && stats.fenced === 1,
  );
  expect(await bed.task(id)).toEqual(before);
  expect(await bed.log(id)).toMatchObject([
    { attempt: 1, status: 'failed', error_code: 'worker_lost' },
    { attempt: 2, status: 'completed' },
  ]);
  await Promise.all([sleeper.kill(), survivor.kill()]);
});

test('a worker process that is told to stop hands its task to another at once', async () => {
  const leaving = await startWorker();
  const id = await bed.inTransaction((query) => aiWork.send(query, { key: 'given', behaviour: 'hang_once' }));
  producer.wakeSoon('ai');
  await leaving.started('given', 1);
  const staying = await startWorker();
  leaving.stop();
  await staying.started('given', 2);
  await leaving.exited;
  expect(leaving.child.exitCode).toBe(0);
  await until(async () => expect(await bed.task(id)).toMatchObject({ state: 3, output: { attempt: 2 } }));
});
