import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../backend/src/test/free_port';

const repository = path.resolve(import.meta.dirname, '../../..');

/** How long a server may take to answer first, in milliseconds; the machine may be busy. */
const patienceMs = 60_000;
/** in a row: a start takes a second, the database's restart a few */
const mostStarts = 20;
/** Whoever answers a question of ours not at all is asked again. */
const answerMs = 10_000;
/** The product's own api processes behind one address, as behind a balancer that does not look first. */
export class Servers {
  readonly #children = new Map<number, ChildProcess>();
  readonly #starting = new Map<number, Promise<void>>();
  readonly #dataDir = mkdtempSync(path.join(tmpdir(), 'rapt-prove-'));
  #ports: number[] = [];

  constructor(readonly env: { DATABASE_URL: string; BETTER_AUTH_SECRET: string }) {}

  async start(count: number): Promise<void> {
    for (let at = 0; at < count; at++) this.#ports.push(await freePort());
    for (const port of this.#ports) this.#spawn(port);
    await this.ready();
  }

  /** Which of them a request goes to, dead or alive. */
  address(choice: number): string {
    return `http://127.0.0.1:${this.#ports[Math.floor(choice * this.#ports.length)]}`;
  }

  /** `kill -9`, and another process in its place. */
  async kill(choice: number): Promise<void> {
    const port = this.#ports[Math.floor(choice * this.#ports.length)] ?? 0;
    const child = this.#children.get(port);
    if (!child || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
    this.#spawn(port);
  }

  /** Waits until all of them answer. */
  async ready(): Promise<void> {
    await Promise.all(this.#starting.values());
    // Whoever was killed has a successor; a database that goes away is no reason to end.
    for (const child of this.#children.values())
      if (child.exitCode !== null) throw new Error(`a server ended by itself, with ${child.exitCode}`);
  }

  /** Ends a sign-in, without which nothing more is to be had under this cookie. */
  async signOut(cookie: string): Promise<void> {
    const origin = this.address(0);
    const answer = await fetch(`${origin}/api/auth/sign-out`, {
      method: 'POST',
      headers: { cookie, origin, 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(answerMs),
    }).catch(() => null);
    await answer?.body?.cancel();
  }

  async stop(): Promise<void> {
    for (const child of this.#children.values()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  #spawn(port: number, until = Date.now() + patienceMs, starts = 1): void {
    const child = spawn(process.execPath, ['--import', 'tsx', 'backend/src/main.ts'], {
      cwd: repository,
      env: {
        ...process.env,
        ...this.env,
        NODE_ENV: 'production',
        ROLE: 'api',
        PORT: String(port),
        RAPT_DEMO: 'false',
        RAPT_DATA_DIR: this.#dataDir,
        RATE_LIMIT_API_MAX: '1000000',
        // One of them cuts a load of a hundred rows into several parts, so that there is a time in between.
        SYNC_PART_ENTRIES: port === this.#ports[0] ? '20' : '6000',
        LOG_LEVEL: process.env.PROVE_LOG_LEVEL ?? 'silent',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#children.set(port, child);
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    const starting = this.#answers(port, child, until, starts);
    // Whoever waits for it hears of a failure; nobody may be waiting yet.
    starting.catch(() => {});
    this.#starting.set(port, starting);
  }

  async #answers(port: number, child: ChildProcess, until: number, starts: number): Promise<void> {
    while (Date.now() < until) {
      // Killed again before it was ready: its successor is waited for instead.
      if (child.signalCode !== null) return;
      // It found no database when it started, and is started again, as by whoever looks after it; while the database
      // restarts that may happen a few times, but one that cannot start at all is a finding.
      if (child.exitCode !== null) {
        if (starts === mostStarts) throw new Error(`a server ended at each start, with ${child.exitCode}`);
        this.#spawn(port, until, starts + 1);
        return this.#starting.get(port);
      }
      const answer = await fetch(`http://127.0.0.1:${port}/rpc/signInPage`, {
        method: 'POST',
        signal: AbortSignal.timeout(answerMs),
      }).catch(() => null);
      await answer?.body?.cancel();
      if (answer) return;
      await sleep(50);
    }
    throw new Error('a server does not answer');
  }
}
