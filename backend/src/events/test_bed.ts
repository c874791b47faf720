import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import type { Logger } from '../lib/logger';
import type { TaskId } from './define_task';
import type { Query } from './query';

export const silentLogger: Logger = {
  child: () => silentLogger,
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

export interface Row {
  state: number;
  attempt: number;
  output: unknown;
  claimed_by: string | null;
}

/** A test's view of a database, as its owner and as the two roles of the wall. */
export function createTestBed(url: string) {
  const owner = new pg.Pool({ connectionString: url, max: 3 });
  const app = new pg.Pool({ connectionString: url, max: 3, options: '-c role=rapt_app' });
  const system = new pg.Pool({ connectionString: url, max: 3, options: '-c role=rapt_system' });
  for (const pool of [owner, app, system]) {
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
  }

  /** Sends the way the app does: in a transaction, as the role that sees one tenant. */
  async function inTransaction<T>(work: (query: Query) => Promise<T>, end: 'COMMIT' | 'ROLLBACK' = 'COMMIT') {
    const client = await app.connect();
    try {
      await client.query('BEGIN');
      const result = await work((text, values) => client.query(text, values));
      await client.query(end);
      return result;
    } finally {
      client.release();
    }
  }

  return {
    url,
    connection: { connectionString: url, options: '-c role=rapt_system' },
    owner,
    app,
    system,
    inTransaction,
    async task(id: TaskId): Promise<Row | undefined> {
      const { rows } = await system.query(
        'select state, retrycount + 1 as attempt, output, claimed_by from tbus.tasks where id = $1',
        [uuidFromId('task', id)],
      );
      return rows[0];
    },
    async log(id: TaskId) {
      const { rows } = await system.query(
        'select * from pg_tbus_task_log where task_id = $1 order by attempt',
        [uuidFromId('task', id)],
      );
      return rows;
    },
    async close() {
      await Promise.all([owner.end(), app.end(), system.end()]);
    },
  };
}

/** A worker in a process of its own, and what it has said. */
export async function startWorkerProcess(url: string) {
  const child: ChildProcess = fork(path.join(import.meta.dirname, 'test_worker.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, WORKER_DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const said: Record<string, unknown>[] = [];
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
      tell();
    });
  });
  if (!child.stdout) throw new Error('the worker has no standard output');
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line));
    tell();
  });

  /** Resolves with the first thing said that `matches`; the test's own time limit ends it otherwise. */
  async function hear(
    matches: (message: Record<string, unknown>) => boolean,
  ): Promise<Record<string, unknown>> {
    for (;;) {
      const found = said.find(matches);
      if (found) return found;
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the worker ended: ${JSON.stringify(said.slice(-5))}`);
      await new Promise<void>((resolve) => {
        const listener = () => {
          listeners.delete(listener);
          resolve();
        };
        listeners.add(listener);
      });
    }
  }

  await hear((message) => message.ready === true);
  return {
    child,
    said,
    hear,
    exited,
    started: (key: string, attempt: number) =>
      hear((message) => message.started === key && message.attempt === attempt),
    stop: () => child.send('stop'),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
