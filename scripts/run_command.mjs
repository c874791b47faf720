import { spawn } from 'node:child_process';
import path from 'node:path';

/** The top of the checkout, absolute. */
export const root = path.resolve(import.meta.dirname, '..');

/** Windows finds npx and what lies in node_modules/.bin through its shell only. */
const shell = process.platform === 'win32';

/**
 * Names a program that an installed dependency brought.
 * @param {string} name
 */
export function installedProgram(name) {
  return path.join(root, 'node_modules', '.bin', name);
}

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] quiet: collect what it says
 *   instead of showing it
 * @returns {Promise<{ code: number, output: string }>} code 1 also when it could not be run or was killed
 */
export function runCommand(command, args, { cwd = root, env = process.env, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      shell,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    // A start that fails elsewhere must not leave a build running.
    const end = () => child.kill();
    process.once('exit', end);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.once('close', (code) => {
      process.off('exit', end);
      resolve({ code: code ?? 1, output });
    });
  });
}
