import { Logger, run } from 'graphile-worker';
import { createTBus, defineTask, Type } from 'pg-tbus';
import { onTask } from '../../../backend/src/events/on_task';
import { createQueue } from '../../../backend/src/events/tbus';
import { createLogger } from '../../../backend/src/lib/logger';
import { clock } from '../run_latency/clock';
import { BenchInputZod, benchTask, plainSchema, queueName } from './bench_task';

/** A worker of one of the systems in a process of its own; tells its parent what it starts. */
const { SYSTEM: system = '', DATABASE_URL: url = '' } = process.env;
const concurrency = Number(process.env.CONCURRENCY);
const expected = Number(process.env.EXPECTED ?? 0);
let count = 0;

async function handle(input: unknown): Promise<void> {
  const { kind, at } = BenchInputZod.parse(input);
  if (kind === 'count') {
    count++;
    if (count === expected) process.send?.({ kind: 'counted', at: clock() });
    return;
  }
  process.send?.({ kind: 'started', took: clock() - at, at: clock() });
  if (kind === 'hang') await new Promise<void>(() => {});
}
process.on('message', (message) => {
  if (message === 'count') process.send?.({ kind: 'count', count, at: clock() });
});

const systems: Record<string, () => Promise<void>> = {
  async ours() {
    const connection = { connectionString: url, options: '-c role=rapt_system' };
    const tasks = [onTask(benchTask, ({ input }) => handle(input))];
    const queues = { [queueName]: { concurrency } };
    await createQueue({ connection, queues, tasks, logger: createLogger('fatal') }).start();
  },
  async graphile() {
    const taskList = { bench: (payload: unknown) => handle(payload) };
    const logger = new Logger(() => () => {});
    await run({ connectionString: url, concurrency, noHandleSignals: true, taskList, logger });
  },
  async plain() {
    const bus = createTBus(queueName, {
      db: { connectionString: url },
      schema: plainSchema,
      worker: { concurrency },
    });
    const schema = Type.Object({ kind: Type.String(), at: Type.Number() });
    bus.registerTask(defineTask({ task_name: 'bench', schema, handler: ({ input }) => handle(input) }));
    await bus.start();
  },
};
process.send?.({ kind: 'begin', at: clock() });
await systems[system]?.();
process.send?.({ kind: 'ready', at: clock() });
