import { Worker } from 'node:worker_threads';
import type { SandboxAnswer } from '@raptscallions/module-sdk/sandbox';
import { type Engine, loadEngine } from '@raptscallions/module-sdk/sandbox';
import type { HookName } from '@raptscallions/zod-schemas/hook.zod';
import { findThreadProgram, type ThreadProgram } from './thread_program';

export type ThreadModule = {
  /** changes with the code */
  key: string;
  code: string;
  memoryMb: number;
  /** for what stands outside of the module's functions */
  loadMs: number;
};
export type ThreadCall = { hook: HookName; context: string; timeoutMs: number };
/** Without a call the module is only made ready. */
export type ThreadJob = { module: ThreadModule; call: ThreadCall | null };

/** `begun`: the module's own clock starts. `gone`: it failed while nobody waited for it. `ready`: the next may come. */
export type ThreadReport =
  | { kind: 'begun' }
  | { kind: 'answer'; answer: ThreadAnswer }
  | { kind: 'gone'; message: string }
  | { kind: 'ready' };
export type ThreadAnswer = SandboxAnswer | { ok: false; reason: 'crash'; message: string; log: string[] };

/** The engine ends a call at its limit by itself; what it cannot interrupt ends this much later. */
const graceMs = 150;
/** Of a thread's own heap. A module's memory is outside of it. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2, stackSizeMb: 4 };

type Task = ThreadJob & { give: (answer: ThreadAnswer) => void };
type Thread = {
  worker: Worker;
  task: Task | undefined;
  answered: boolean;
  timer: NodeJS.Timeout | undefined;
  warm: Set<string>;
  stale: boolean;
};

/**
 * Threads with a sandbox in each, which are ended when a module does not. One call at a time in a thread; a
 * module never has all of them, so that one that hangs leaves room for the others.
 */
export class SandboxThreads {
  private threads: Thread[] = [];
  private waiting: Task[] = [];
  private starting: Promise<void> | undefined;
  private made: { engine: Engine; program: ThreadProgram } | undefined;
  private stopped = false;

  constructor(private readonly size: number) {}

  /** Runs one call. Never rejects. */
  async run(module: ThreadModule, call: ThreadCall): Promise<ThreadAnswer> {
    await this.start();
    return await new Promise<ThreadAnswer>((give) => {
      this.waiting.push({ module, call, give });
      this.serve();
    });
  }

  /** Makes a module ready in every thread, one after the other as they are free. */
  async warm(module: ThreadModule): Promise<void> {
    await this.start();
    for (const thread of this.threads) {
      if (!thread.task && !thread.warm.has(module.key))
        this.give(thread, { module, call: null, give: () => {} });
    }
  }

  /** Ends every thread as soon as it is free: the code it knows is old. */
  renew(): void {
    for (const thread of this.threads) {
      thread.stale = true;
      if (!thread.task) this.replace(thread);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const ended = this.threads.map(({ worker }) => worker.terminate());
    for (const task of this.waiting.splice(0)) task.give(crash('the server is stopping'));
    await Promise.all(ended);
  }

  private start(): Promise<void> {
    this.starting ??= (async () => {
      const [engine, program] = await Promise.all([loadEngine(), findThreadProgram()]);
      this.made = { engine, program };
      for (let at = 0; at < this.size; at++) this.open();
    })();
    return this.starting;
  }

  private open(): void {
    if (this.stopped || !this.made) return;
    const { engine, program } = this.made;
    const worker = new Worker('file' in program ? program.file : program.script, {
      eval: 'script' in program,
      workerData: { engine },
      // Nothing of ours is in there, also for whoever should break out of the engine.
      env: {},
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits,
    });
    worker.unref();
    const thread: Thread = {
      worker,
      task: undefined,
      answered: false,
      timer: undefined,
      warm: new Set(),
      stale: false,
    };
    worker.on('message', (report: ThreadReport) => this.hear(thread, report));
    worker.on('error', (error) => this.end(thread, crash(error.message)));
    worker.on('exit', () => this.end(thread, crash('its thread ended')));
    this.threads.push(thread);
  }

  private serve(): void {
    for (const thread of this.threads) {
      if (thread.task) continue;
      const task = this.next(thread);
      if (task) this.give(thread, task);
    }
  }

  /** The first that waits and may have one more thread; better one this thread is warm for. */
  private next(thread: Thread): Task | undefined {
    const most = Math.max(1, this.size - 1);
    const mayRun = ({ module }: Task) =>
      this.threads.filter(({ task }) => task?.module.key === module.key).length < most;
    const able = this.waiting.filter(mayRun);
    const [first] = able;
    const elsewhere = (task: Task) =>
      this.threads.some((other) => !other.task && other !== thread && other.warm.has(task.module.key));
    const chosen =
      able.find((task) => thread.warm.has(task.module.key)) ?? able.find((task) => !elsewhere(task)) ?? first;
    if (chosen) this.waiting.splice(this.waiting.indexOf(chosen), 1);
    return chosen;
  }

  private give(thread: Thread, task: Task): void {
    thread.task = task;
    thread.answered = task.call === null;
    const { module, call } = task;
    this.expect(thread, module.loadMs);
    thread.worker.ref();
    // The code is copied into a thread once.
    const code = thread.warm.has(module.key) ? '' : module.code;
    thread.warm.add(module.key);
    thread.worker.postMessage({ module: { ...module, code }, call } satisfies ThreadJob);
  }

  private hear(thread: Thread, report: ThreadReport): void {
    const { task } = thread;
    if (!task) return;
    if (report.kind === 'begun') {
      this.expect(thread, task.call?.timeoutMs ?? 0);
    } else if (report.kind === 'answer') {
      const { answer } = report;
      // The limit was met: its engine is in no state to go on.
      if (!answer.ok && answer.reason !== 'error') this.end(thread, answer);
      else {
        this.answer(thread, answer);
        this.expect(thread, task.module.loadMs);
      }
    } else if (report.kind === 'gone') {
      this.end(thread, crash(report.message));
    } else {
      this.free(thread);
    }
  }

  private free(thread: Thread): void {
    clearTimeout(thread.timer);
    thread.task = undefined;
    thread.worker.unref();
    if (thread.stale) this.replace(thread);
    this.serve();
  }

  private expect(thread: Thread, ms: number): void {
    clearTimeout(thread.timer);
    thread.timer = setTimeout(() => this.end(thread, tooSlow), ms + graceMs);
  }

  private answer(thread: Thread, answer: ThreadAnswer): void {
    if (thread.answered) return;
    thread.answered = true;
    thread.task?.give(answer);
  }

  /** Kills a thread, answers for what ran in it, and puts another in its place. */
  private end(thread: Thread, answer: ThreadAnswer): void {
    if (!this.threads.includes(thread)) return;
    clearTimeout(thread.timer);
    this.replace(thread);
    this.answer(thread, answer);
    this.serve();
  }

  private replace(thread: Thread): void {
    this.threads = this.threads.filter((other) => other !== thread);
    void thread.worker.terminate();
    this.open();
  }
}

const tooSlow: ThreadAnswer = { ok: false, reason: 'time', message: 'it took longer than it may', log: [] };

function crash(message: string): ThreadAnswer {
  return { ok: false, reason: 'crash', message, log: [] };
}
