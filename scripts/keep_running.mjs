import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatDuration, report } from './report.mjs';
import { root } from './run_command.mjs';

const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** Who ran this long was well: the next pause is the first one again. */
const wellAfterMs = 30_000;
/** The server is done within 10 s of SIGTERM, and ends itself after 12. */
const patienceMs = 13_000;
/** sysexits' EX_CONFIG: a mistake in the configuration, which starting again does not mend. */
const misconfigured = 78;

/** @typedef {{ stop(): Promise<void>, kill(): void }} Kept */

/**
 * Runs a Node program and starts it again, after a pause that doubles, whenever it ends unasked. It stands in
 * a process group of its own, so that it hears of a Ctrl-C once and from us, and ends when we are killed.
 * @param {string} name
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, cwd?: string, giveUp: () => void }} options giveUp: it can only end the same way
 * @returns {Kept}
 */
export function keepRunning(name, args, { env, cwd = root, giveUp }) {
  const follow = pathToFileURL(path.join(root, 'scripts', 'exit_with_launcher.mjs')).href;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {(() => void) | undefined} */
  let onStopped;
  let pauseMs = firstPauseMs;
  let stopping = false;

  function launch() {
    const startedAt = performance.now();
    child = spawn(process.execPath, ['--import', follow, ...args], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    report(name, `runs as process ${child.pid}`);
    child.once('close', (code, signal) => {
      child = undefined;
      if (stopping) return onStopped?.();
      const how = signal ?? `exit code ${code}`;
      if (code === misconfigured) {
        report(name, `ended (${how}): its configuration has to be mended first`);
        return giveUp();
      }
      if (performance.now() - startedAt > wellAfterMs) pauseMs = firstPauseMs;
      report(name, `ended unasked (${how}) and is started again in ${formatDuration(pauseMs)}`);
      timer = setTimeout(launch, pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      return undefined;
    });
  }
  launch();

  return {
    stop() {
      stopping = true;
      clearTimeout(timer);
      if (!child) return Promise.resolve();
      const running = child;
      return new Promise((resolve) => {
        const impatience = setTimeout(() => running.kill('SIGKILL'), patienceMs);
        onStopped = () => {
          clearTimeout(impatience);
          resolve();
        };
        running.kill('SIGTERM');
      });
    },
    kill() {
      child?.kill('SIGKILL');
    },
  };
}
