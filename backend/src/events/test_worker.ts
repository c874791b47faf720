/** A worker process for the tests: takes its orders from the environment and says on standard output what it does. */
import { onTask } from './on_task';
import { createQueue } from './tbus';
import { aiWork, behave, mailWork } from './test_tasks';

const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);
const note = (level: string) => (fields: object, message: string) => say({ level, ...fields, message });
const logger = {
  child: () => logger,
  debug: () => {},
  info: note('info'),
  warn: note('warn'),
  error: note('error'),
};

const handler = behave((key, attempt) => say({ started: key, attempt }));
const queue = createQueue({
  connection: { connectionString: process.env.WORKER_DATABASE_URL ?? '', options: '-c role=rapt_system' },
  queues: { ai: { concurrency: 4 }, mail: { concurrency: 4 } },
  tasks: [onTask(aiWork, handler), onTask(mailWork, handler)],
  logger,
});
await queue.start();
say({ ready: true });

process.on('message', async () => {
  const stopped = await queue.stop({ drainMs: 200 });
  say({ stopped, stats: queue.stats });
  process.disconnect();
});
setInterval(() => say({ stats: queue.stats }), 100).unref();
