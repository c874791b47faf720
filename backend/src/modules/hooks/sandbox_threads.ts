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

/** `ready`: the next may come, at the beginning the first. `begun`: the module's own clock starts. `gone`: it failed while nobody waited for it. */
export type ThreadReport =
  | { kind: 'begun' }
  | { kind: 'answer'; answer: ThreadAnswer }
  | { kind: 'gone'; message: string }
  | { kind: 'ready' };
/** `crash`: the module ended its thread. `unavailable`: there is no thread, which is no module's fault. */
export type ThreadAnswer =
  | SandboxAnswer
  | { ok: false; reason: 'crash' | 'unavailable'; message: string; log: string[] };

/** The engine ends a call at its limit by itself; what it cannot interrupt ends this much later. */
const graceMs = 150;
/** Of a thread's own heap. A module's memory is outside of it. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 2, stackSizeMb: 4 };

/** Where threads do not start, the next try waits this long, each further one twice as long, up to the longest. */
const shortestPauseMs = 100;
const longestPauseMs = 30_000;

/** For a thread to come up, on a machine that is very busy. */
const startMs = 30_000;

type Made = { engine: Engine; program: ThreadProgram };
async function makeProgram(): Promise<Made> {
  const [engine, program] = await Promise.all([loadEngine(), findThreadProgram()]);
  return { engine, program };
}

type Task = ThreadJob & { give: (answer: ThreadAnswer) => void };
type Thread = {
  worker: Worker;
  /** it has come so far that it takes calls */
  up: boolean;
  task: Task | undefined;
  answered: boolean;
  timer: NodeJS.Timeout | undefined;
  warm: Set<string>;
  stale: boolean;
};

/**
 * Threads with a sandbox in each, which are ended when a module does not. One call at a time in a thread; a
 * module never has all of them, so that one that hangs leaves room for the others. Where no thread comes up at all,
 * calls are answered at once and it is tried again, after longer and longer pauses.
 */
export class SandboxThreads {
  private threads: Thread[] = [];
  private waiting: Task[] = [];
  /** by their keys; a thread that has nothing else to do makes itself ready for them */
  private readonly known = new Map<string, ThreadModule>();
  private making: Promise<void> | undefined;
  private made: Made | undefined;
  /** in a row, of the program or of threads */
  private failures = 0;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly size: number,
    private readonly onFailure: (message: string) => void,
    private readonly make: () => Promise<Made> = makeProgram,
  ) {}

  /** Runs one call. Never rejects. */
  async run(module: ThreadModule, call: ThreadCall): Promise<ThreadAnswer> {
    await this.start();
    return await new Promise<ThreadAnswer>((give) => {
      this.waiting.push({ module, call, give });
      this.serve();
    });
  }

  /** Makes a module ready in every thread, as they are free. */
  async warm(module: ThreadModule): Promise<void> {
    this.known.set(module.key, module);
    await this.start();
    this.serve();
  }

  /** Ends every thread as soon as it is free: the code it knows is old. */
  renew(): void {
    this.known.clear();
    for (const thread of this.threads) {
      thread.stale = true;
      if (!thread.task) this.replace(thread);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    const ended = this.threads.map(({ worker }) => worker.terminate());
    for (const task of this.waiting.splice(0)) task.give(unavailable('the server is stopping'));
    await Promise.all(ended);
  }

  /** Opens what threads are missing, save in a pause. Never rejects. */
  private async start(): Promise<void> {
    if (this.stopped || this.retry || this.threads.length === this.size) return;
    if (!this.made) {
      this.making ??= this.make()
        .then((made) => {
          this.made = made;
        })
        .catch((error: unknown) => this.fail(error instanceof Error ? error.message : String(error)))
        .finally(() => {
          this.making = undefined;
        });
      await this.making;
    }
    if (this.made && !this.retry)
      while (this.threads.length < this.size && !this.stopped) this.open(this.made);
  }

  /** Something of ours does not start: nobody waits for it, and it is tried again after a pause. */
  private fail(message: string): void {
    // Several that fail together have failed once.
    if (!this.retry && !this.stopped) {
      this.failures++;
      this.onFailure(message);
      const pauseMs = Math.min(longestPauseMs, shortestPauseMs * 2 ** (this.failures - 1));
      this.retry = setTimeout(() => {
        this.retry = undefined;
        void this.start();
      }, pauseMs).unref();
    }
    this.serve();
  }

  private open({ engine, program }: Made): void {
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
      up: false,
      task: undefined,
      answered: false,
      timer: undefined,
      warm: new Set(),
      stale: false,
    };
    thread.timer = setTimeout(() => this.end(thread, crash('its thread did not start')), startMs).unref();
    worker.on('message', (report: ThreadReport) => this.hear(thread, report));
    worker.on('error', (error) => this.end(thread, crash(error.message)));
    worker.on('exit', () => this.end(thread, crash('its thread ended')));
    this.threads.push(thread);
  }

  private serve(): void {
    for (const thread of this.threads) {
      if (thread.task || !thread.up) continue;
      const task = this.next(thread) ?? this.warming(thread);
      if (task) this.give(thread, task);
    }
    const some = this.threads.some(({ up }) => up);
    if (this.retry && !some)
      for (const task of this.waiting.splice(0)) task.give(unavailable('no sandbox could be started'));
  }

  private warming(thread: Thread): Task | undefined {
    const module = [...this.known.values()].find(({ key }) => !thread.warm.has(key));
    return module && { module, call: null, give: () => {} };
  }

  /** The first that waits and may have one more thread; better one this thread is warm for. */
  private next(thread: Thread): Task | undefined {
    const most = Math.max(1, this.size - 1);
    const mayRun = ({ module }: Task) =>
      this.threads.filter(({ task }) => task?.module.key === module.key).length < most;
    const able = this.waiting.filter(mayRun);
    const [first] = able;
    const elsewhere = (task: Task) =>
      this.threads.some(
        (other) => other.up && !other.task && other !== thread && other.warm.has(task.module.key),
      );
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
    if (!task) {
      if (report.kind !== 'ready') return;
      clearTimeout(thread.timer);
      thread.up = true;
      this.failures = 0;
      this.serve();
      return;
    }
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
    // One that ends a thread with nobody waiting would do it again and again.
    if (thread.task?.call === null) this.known.delete(thread.task.module.key);
    this.replace(thread, answer);
    this.answer(thread, answer);
    this.serve();
  }

  private replace(thread: Thread, why?: ThreadAnswer): void {
    this.threads = this.threads.filter((other) => other !== thread);
    void thread.worker.terminate();
    if (!thread.up && why && !why.ok) this.fail(why.message);
    else void this.start();
  }
}

const tooSlow: ThreadAnswer = { ok: false, reason: 'time', message: 'it took longer than it may', log: [] };

function unavailable(message: string): ThreadAnswer {
  return { ok: false, reason: 'unavailable', message, log: [] };
}

function crash(message: string): ThreadAnswer {
  return { ok: false, reason: 'crash', message, log: [] };
}
