import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { report } from './report.mjs';
import { root } from './run_command.mjs';

/**
 * Starts the process that keeps the embedded PostgreSQL, and waits until the database takes connections.
 * @param {{ dataDir: string, dev: boolean }} options
 * @returns {Promise<{ databaseUrl: string, stop(): Promise<void> }>}
 * @throws {Error} when it does not come up; its own words are on standard error by then
 */
export function keepPostgres({ dataDir, dev }) {
  const startedAt = performance.now();
  const program = dev
    ? ['--import', 'tsx', path.join(root, 'backend/src/lib/embedded_postgres/cli.ts'), '--create-databases']
    : [path.join(root, 'backend/dist/postgres.js')];
  // A group of its own: Ctrl-C and `kill` on the whole group must not reach it before the server is done.
  const keeper = spawn(process.execPath, [...program, '--data-dir', dataDir], {
    cwd: root,
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => keeper.once('close', resolve));
  keeper.stdin.on('error', () => {});

  return new Promise((resolve, reject) => {
    keeper.once('error', reject);
    keeper.once('close', () => reject(new Error('PostgreSQL could not be started.')));
    createInterface({ input: keeper.stdout }).on('line', (line) => {
      const { databaseUrl, clusterDir, adopted, again } = JSON.parse(line);
      if (again) return report('PostgreSQL', 'had died and runs again');
      report('PostgreSQL', adopted ? 'was running already' : 'started', startedAt);
      if (!clusterDir.startsWith(dataDir)) report('', `its data is in ${clusterDir}`);
      const stop = () => {
        keeper.stdin.end();
        return ended;
      };
      resolve({ databaseUrl, stop });
    });
  });
}
