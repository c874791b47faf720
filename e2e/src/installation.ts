import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** The product as `npm start` brings it up, on a port and data of its own, with the demo school in it. */
export class Installation {
  private constructor(
    private readonly launcher: ChildProcess,
    private readonly dataDir: string,
    readonly url: string,
    /** what it printed up to the line that says where it is, and what came with that */
    readonly announced: string,
  ) {}

  static async start(env: Record<string, string> = {}): Promise<Installation> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'rapt-e2e-'));
    // For root the database runs under an account of its own. Were it shut out here it would go to a system folder
    // and stay there after the test.
    chmodSync(dataDir, 0o711);
    const port = env.PORT ? Number(env.PORT) : await freePort();
    const launcher = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: root,
      env: {
        ...process.env,
        DATABASE_URL: '',
        PORT: String(port),
        RAPT_DATA_DIR: dataDir,
        LOG_LEVEL: 'warn',
        // One person of the demo school is many tests here.
        RATE_LIMIT_API_MAX: '100000',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const up = new Promise<void>((resolve) => {
      const hear = (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('Raptscallions is at')) resolve();
      };
      launcher.stdout?.on('data', hear);
      launcher.stderr?.on('data', hear);
    });
    const ended = once(launcher, 'exit').then(() => {
      throw new Error(`npm start ended:\n${said}`);
    });
    await Promise.race([up, ended]);
    ended.catch(() => {});
    return new Installation(launcher, dataDir, `http://localhost:${port}`, said);
  }

  /** Kills the server as a power cut would; the launcher brings up another. */
  killServer(): void {
    process.kill(this.serverPid(), 'SIGKILL');
  }

  private serverPid(): number {
    const { pid } = this.launcher;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    const server = children.find((child) =>
      readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('main.js'),
    );
    if (!server) throw new Error('there is no server to kill');
    return server;
  }

  async stop(): Promise<void> {
    this.launcher.kill('SIGTERM');
    if (this.launcher.exitCode === null) await once(this.launcher, 'exit');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** A port nobody listens at just now, for what must know its address before it starts. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}
