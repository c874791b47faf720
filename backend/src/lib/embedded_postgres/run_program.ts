import { spawn } from 'node:child_process';
import type { ServerAccount } from './server_account';

/**
 * Runs one of PostgreSQL's programs to its end and gives its output.
 * @throws with what the program said, when it ends with an error.
 */
export async function runProgram(
  program: string,
  args: string[],
  { account, cwd }: { account: ServerAccount | undefined; cwd: string },
): Promise<string> {
  const child = spawn(program, args, {
    ...account,
    cwd,
    // Ours is not passed on: PGPORT, PGDATA or PGOPTIONS of somebody's shell would change what is started.
    env: { PATH: process.env.PATH, SYSTEMROOT: process.env.SYSTEMROOT, LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${program} failed (${code}): ${output.trim()}`);
  return output;
}
