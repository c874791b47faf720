import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migrate } from '../db/migrate';
import { startEmbeddedPostgres } from '../lib/embedded_postgres/start_embedded_postgres';
import { createQueue, type Queue } from './tbus';
import { createTestBed, silentLogger, startWorkerProcess } from './test_bed';
import { aiWork, mailWork } from './test_tasks';

/** A server of our own: it is stopped and started under the workers. */
let dataDir: string;
let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
let bed: ReturnType<typeof createTestBed>;
let producer: Queue;
let worker: Awaited<ReturnType<typeof startWorkerProcess>>;

const startServer = (port?: number) => startEmbeddedPostgres({ dataDir, port, settings: { fsync: 'off' } });
const until = <T>(look: () => Promise<T> | T) => vi.waitFor(look, { timeout: 25_000, interval: 30 });

/** Everything that was committed is done, once each, and nothing is left. */
async function expectAllDone(count: number): Promise<void> {
  await until(async () => {
    const { rows } = await bed.system.query(
      'select count(*)::int as count, count(*) filter (where state = 3)::int as done from tbus.tasks',
    );
    expect(rows[0]).toEqual({ count, done: count });
  });
  const started = worker.said.flatMap(({ started }) => started ?? []);
  expect(started).toHaveLength(count);
  expect(new Set(started).size).toBe(count);
}

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'rapt-outage-'));
  chmodSync(dataDir, 0o755); // the server's own account passes through
  server = await startServer();
  await migrate(server.databaseUrl);
  bed = createTestBed(server.databaseUrl);
  producer = createQueue({
    connection: bed.connection,
    queues: {},
    producerRoles: ['rapt_app'],
    logger: silentLogger,
  });
  await producer.start();
  worker = await startWorkerProcess(server.databaseUrl);
});
afterAll(async () => {
  await worker.kill();
  await producer.stop();
  await bed.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function send(count: number, name: string): Promise<void> {
  await bed.inTransaction((query) =>
    aiWork.sendMany(
      query,
      Array.from({ length: count }, (_, n) => ({ key: `${name} ${n}`, behaviour: 'pause' as const, ms: 20 })),
    ),
  );
  producer.wakeSoon('ai');
}

test('losing every session, again and again, loses no task and ends no process', async () => {
  await send(100, 'terminate');
  for (let round = 0; round < 5; round++) {
    await worker.started(`terminate ${round * 15}`, 1);
    await bed.owner.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'raptscallions-queue%'",
    );
  }
  await expectAllDone(100);
  expect(worker.child.exitCode).toBeNull();
});

test('a restart of the server loses no task and ends no process', async () => {
  await send(100, 'restart');
  await worker.started('restart 10', 1);
  const { port } = server;
  await server.stop();
  await worker.hear(({ level }) => level === 'warn');
  server = await startServer(port);
  await expectAllDone(200);
  // Listening again as well: this does not wait for the five seconds' look.
  await until(() => mailWork.send((text, values) => bed.app.query(text, values), { key: 'after' }));
  producer.wakeSoon('mail');
  await worker.started('after', 1);
  expect(worker.child.exitCode).toBeNull();
});

test('a worker that starts while the database is away begins when it is back', async () => {
  const { port, databaseUrl } = server;
  await server.stop();
  const late = createQueue({
    connection: { connectionString: databaseUrl },
    queues: {},
    logger: silentLogger,
  });
  const starting = late.start();
  await expect(
    Promise.race([starting, new Promise((_, reject) => setTimeout(reject, 300, 'waits'))]),
  ).rejects.toBe('waits');
  server = await startServer(port);
  await starting;
  await late.stop();
});
