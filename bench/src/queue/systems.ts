import { makeWorkerUtils } from 'graphile-worker';
import pg from 'pg';
import { createTBus, declareTask, Type } from 'pg-tbus';
import { createQueue } from '../../../backend/src/events/tbus';
import { createLogger } from '../../../backend/src/lib/logger';
import { clock } from '../run_latency/clock';
import { type BenchInput, benchTask, plainSchema, queueName } from './bench_task';

export const systemNames = ['ours', 'graphile', 'plain'] as const;
export type SystemName = (typeof systemNames)[number];

/** What sends to a system and looks at its tables. */
export type System = {
  name: SystemName;
  send(kind: BenchInput['kind']): Promise<void>;
  sendMany(count: number): Promise<void>;
  /** tasks that have not ended */
  left(): Promise<number>;
  /** throws away all that is there */
  clear(): Promise<void>;
  close(): Promise<void>;
};

const batch = 2_000;
const inputs = (count: number): BenchInput[] =>
  Array.from({ length: count }, () => ({ kind: 'count', at: 0 }));

/** Brings up the three systems' tables in one database, and a sender for each. */
export async function openSystems(databaseUrl: string): Promise<System[]> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  pool.on('error', () => {});
  const countOf = async (sql: string) => {
    const { rows } = await pool.query<{ count: number }>(sql);
    return rows[0]?.count ?? 0;
  };
  const inBatches = async (count: number, send: (size: number) => Promise<unknown>) => {
    for (let sent = 0; sent < count; sent += batch) await send(Math.min(batch, count - sent));
  };

  const connection = { connectionString: databaseUrl, options: '-c role=rapt_system' };
  const queue = createQueue({ connection, queues: {}, logger: createLogger('fatal') });
  await queue.start();
  const ours: System = {
    name: 'ours',
    async send(kind) {
      await benchTask.send((text, values) => pool.query(text, values), { kind, at: clock() });
      queue.wakeSoon(queueName);
    },
    async sendMany(count) {
      const query = (text: string, values: unknown[]) => pool.query(text, values);
      await inBatches(count, (size) => benchTask.sendMany(query, inputs(size)));
      queue.wakeSoon(queueName);
    },
    left: () => countOf(`select count(*)::int as count from tbus.tasks where state < 3`),
    clear: async () => void (await pool.query('truncate tbus.tasks')),
    close: async () => void (await queue.stop({ drainMs: 0 })),
  };

  const utils = await makeWorkerUtils({ connectionString: databaseUrl });
  await utils.migrate();
  const graphile: System = {
    name: 'graphile',
    async send(kind) {
      const payload = { kind, at: clock() };
      await pool.query(`select graphile_worker.add_job('bench', $1::json)`, [JSON.stringify(payload)]);
    },
    async sendMany(count) {
      await inBatches(count, (size) =>
        pool.query(
          `select count(graphile_worker.add_job('bench', '{"kind":"count","at":0}'::json)) from generate_series(1, $1::int)`,
          [size],
        ),
      );
    },
    left: () => countOf('select count(*)::int as count from graphile_worker._private_jobs'),
    clear: async () => void (await pool.query('truncate graphile_worker._private_jobs')),
    close: async () => {
      await utils.release();
    },
  };

  const bus = createTBus(queueName, { db: pool, schema: plainSchema });
  await bus.start();
  await bus.stop();
  const schema = Type.Object({ kind: Type.String(), at: Type.Number() });
  const plainTask = declareTask({ task_name: 'bench', queue: queueName, schema });
  const plain: System = {
    name: 'plain',
    send: (kind) => bus.send(plainTask.from({ kind, at: clock() })),
    async sendMany(count) {
      await inBatches(count, (size) => bus.send(inputs(size).map((input) => plainTask.from(input))));
    },
    left: () => countOf(`select count(*)::int as count from ${plainSchema}.tasks where state < 3`),
    clear: async () => void (await pool.query(`truncate ${plainSchema}.tasks`)),
    close: async () => void (await pool.end()),
  };
  return [ours, graphile, plain];
}
