import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { bundle } from './bundle';

/** Linux counts CPU time in hundredths of a second. */
const ticksPerSecond = 100;

/** One server under measurement, in a process of its own. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /**
   * Starts a script, bundled as the server itself is (what compiles at run time would be measured too), and
   * waits for the line in which it says where it listens.
   * @throws when it ends before that, with what it said
   */
  static async start(script: string, env: Record<string, string>): Promise<ServerProcess> {
    const bundled = await bundle(script);
    const child = spawn(process.execPath, ['--enable-source-maps', bundled], {
      // What is measured is never the limit, unless a comparison asks for one.
      env: { ...process.env, NODE_ENV: 'production', RATE_LIMIT_API_MAX: '1000000000', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = child;
    let said = '';
    const listening = new Promise<string>((resolve) => {
      stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const url = /listening (http:\S+)/.exec(said)?.[1];
        if (url) resolve(url);
      });
    });
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${script} ended: ${said}`);
    });
    return new ServerProcess(child, await Promise.race([listening, ended]));
  }

  cpuMicroseconds(): number {
    return cpuMicrosecondsOf(this.child.pid ?? 0);
  }

  async stop(): Promise<void> {
    this.child.removeAllListeners('exit');
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit').catch(() => {});
  }
}

/** CPU time a process has used so far, user and system, in microseconds. */
export function cpuMicrosecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1_000_000;
}
