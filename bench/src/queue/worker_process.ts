import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { z } from 'zod';
import type { SystemName } from './systems';

/** All times in milliseconds; `at` since 1970. */
const SaidZod = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('begin'), at: z.number() }),
  z.object({ kind: z.literal('ready'), at: z.number() }),
  z.object({ kind: z.literal('started'), took: z.number(), at: z.number() }),
  z.object({ kind: z.literal('counted'), at: z.number() }),
  z.object({ kind: z.literal('count'), count: z.number(), at: z.number() }),
]);
type Said = z.infer<typeof SaidZod>;

/** One worker under measurement, in a process of its own. */
export class WorkerProcess {
  private readonly child: ChildProcess;
  private readonly said: Said[] = [];
  private readonly listeners = new Set<() => void>();
  exited = false;

  constructor(system: SystemName, databaseUrl: string, options: { concurrency: number; expected?: number }) {
    this.child = fork(path.join(import.meta.dirname, 'worker.ts'), {
      execArgv: ['--import', 'tsx'],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        SYSTEM: system,
        DATABASE_URL: databaseUrl,
        CONCURRENCY: String(options.concurrency),
        EXPECTED: String(options.expected ?? 0),
      },
      // What a system says when its database goes is no part of the measurement.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (message) => {
      this.said.push(SaidZod.parse(message));
      for (const listener of this.listeners) listener();
    });
    this.child.on('exit', () => {
      this.exited = true;
      for (const listener of this.listeners) listener();
    });
  }

  /**
   * The first thing of this kind it says from now on, or has said and nobody has heard yet.
   * @returns undefined when it takes longer than `patienceMs`, or the worker is no more
   */
  async hear<K extends Said['kind']>(
    kind: K,
    patienceMs: number,
  ): Promise<Extract<Said, { kind: K }> | undefined> {
    const isWanted = (one: Said): one is Extract<Said, { kind: K }> => one.kind === kind;
    const take = () => {
      const at = this.said.findIndex(isWanted);
      const [found] = at < 0 ? [] : this.said.splice(at, 1);
      return found && isWanted(found) ? found : undefined;
    };
    const until = Date.now() + patienceMs;
    for (;;) {
      const found = take();
      if (found || this.exited || Date.now() >= until) return found;
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.listeners.delete(done);
          resolve();
        };
        const timer = setTimeout(done, until - Date.now());
        this.listeners.add(done);
      });
    }
  }

  async count(): Promise<{ count: number; at: number }> {
    this.child.send('count');
    const said = await this.hear('count', 10_000);
    if (!said) throw new Error('a worker does not answer');
    return said;
  }

  async kill(): Promise<void> {
    if (this.exited) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}
