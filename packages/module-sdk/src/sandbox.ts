import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import releaseSync from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';

/** The engine, compiled; it can be handed to a thread. */
export type Engine = WebAssembly.Module;

/** `time`, `memory`: it went beyond its limit, and the sandbox must not be used again. `error`: it threw. */
export type Failure = { reason: 'time' | 'memory' | 'error'; message: string };
export type SandboxAnswer =
  | { ok: true; json: string; log: string[] }
  | ({ ok: false; log: string[] } & Failure);

/** Of the engine's 64 kB pages: what it was built to begin with, and the room above a module's limit for its own. */
const pageBytes = 65_536;
const firstPages = 256;
const ownPages = 64;
/** Within the 1 MB the engine was built with; deeper recursion is an error inside. */
const stackBytes = 512 * 1_024;
/** Characters of a result. Longer ones are not taken out of the sandbox at all. */
const longestResult = 512 * 1_024;
const longestMessage = 500;
/** What of its console leaves the sandbox: so many lines, each of so many characters. */
const mostLines = 50;
const longestLine = 300;

/**
 * Runs before the module and keeps what it needs of the language, so that a module that changes `JSON` or a
 * prototype changes its own world only. Nothing here calls the host: text goes in and text comes out.
 */
const prologue = `(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const text = String;
  const { slice } = String.prototype;
  const call = Function.prototype.call.bind(Function.prototype.call);
  // Without a prototype: a \`toJSON\` or a setter the module puts on arrays would be asked here too.
  const lines = Object.setPrototypeOf([], null);
  let count = 0;
  const write = (...parts) => {
    if (count >= ${mostLines}) return;
    let line = '';
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at];
      line += (at ? ' ' : '') + (typeof part === 'object' ? stringify(part) : text(part));
    }
    lines[count++] = call(slice, line, 0, ${longestLine});
  };
  globalThis.console = { log: write, info: write, warn: write, error: write, debug: write };
  return {
    async invoke(hook, json) {
      const run = globalThis.raptModule?.default?.[hook];
      if (typeof run !== 'function') throw new TypeError('index.ts has no function for ' + hook);
      const result = await run(parse(json));
      return result === undefined ? 'null' : stringify(result);
    },
    log: () => stringify(lines),
    explain: (error) => {
      try {
        return error instanceof Error ? text(error.name) + ': ' + text(error.message) : 'threw ' + text(error);
      } catch {
        return 'threw something that cannot be read';
      }
    },
  };
})()`;

const enginePath = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');

export async function loadEngine(): Promise<Engine> {
  return await WebAssembly.compile(await readFile(enginePath));
}

type World = {
  runtime: QuickJSRuntime;
  context: QuickJSContext;
  invoke: QuickJSHandle;
  log: QuickJSHandle;
  explain: QuickJSHandle;
};

/**
 * One module in an engine with a memory of its own. Each call gets a fresh world, in which the module was
 * evaluated beforehand, so that nothing of one pupil is left for another. Time is limited by interrupting the
 * engine; what it cannot interrupt (a regular expression, for instance) is for whoever can end the thread.
 */
export class Sandbox {
  private world: World | undefined;
  private deadline = 0;
  private interrupted = false;

  private constructor(
    private readonly quickjs: QuickJSWASMModule,
    private readonly code: string,
    private readonly memoryBytes: number,
  ) {}

  static async create(engine: Engine, code: string, memoryMb: number): Promise<Sandbox> {
    const memoryBytes = memoryMb * 1_024 * 1_024;
    // What it begins with is room for the module too: beside the limit it would be memory nobody has counted.
    const maximum = Math.max(firstPages, ownPages + Math.ceil(memoryBytes / pageBytes));
    const wasmMemory = new WebAssembly.Memory({ initial: firstPages, maximum });
    const variant = newVariant(releaseSync, { wasmModule: engine, wasmMemory });
    return new Sandbox(await newQuickJSWASMModuleFromVariant(variant), code, memoryBytes);
  }

  /**
   * Evaluates the module in a new world, unless one is waiting.
   * @param timeoutMs for what stands outside of its functions
   */
  prepare(timeoutMs: number): Failure | undefined {
    if (this.world) return undefined;
    this.interrupted = false;
    this.deadline = Date.now() + timeoutMs;
    const runtime = this.quickjs.newRuntime({
      maxStackSizeBytes: stackBytes,
      memoryLimitBytes: this.memoryBytes,
    });
    runtime.setInterruptHandler(() => {
      this.interrupted ||= Date.now() > this.deadline;
      return this.interrupted;
    });
    const context = runtime.newContext();
    const kit = context.unwrapResult(context.evalCode(prologue, 'host.js', { type: 'global' }));
    const world: World = {
      runtime,
      context,
      invoke: context.getProp(kit, 'invoke'),
      log: context.getProp(kit, 'log'),
      explain: context.getProp(kit, 'explain'),
    };
    kit.dispose();
    const evaluated = context.evalCode(this.code, 'index.js', { type: 'global' });
    if (evaluated.error) {
      const failure = this.explain(world, evaluated.error);
      if (failure.reason === 'error') this.drop(world);
      return failure;
    }
    evaluated.value.dispose();
    this.world = world;
    return undefined;
  }

  /** @param contextJson what the hook is told */
  call(hook: string, contextJson: string, timeoutMs: number): SandboxAnswer {
    const world = this.world;
    if (!world) throw new Error('prepare comes before each call');
    this.world = undefined;
    this.interrupted = false;
    this.deadline = Date.now() + timeoutMs;
    const answer = this.invoke(world, hook, contextJson);
    // After the limit was met the engine may be in any state; its thread ends, and it with that.
    if (this.interrupted) return tooSlow;
    if (!answer.ok && answer.reason !== 'error') return answer;
    try {
      this.drop(world);
      return answer;
    } catch {
      // The engine checks its books as it closes; out of memory in an odd place, they are wrong.
      return { ok: false, reason: 'memory', message: 'it used up its memory', log: answer.log };
    }
  }

  private invoke(world: World, hook: string, contextJson: string): SandboxAnswer {
    const { context, runtime } = world;
    const [name, given] = [context.newString(hook), context.newString(contextJson)];
    const called = context.callFunction(world.invoke, context.undefined, name, given);
    name.dispose();
    given.dispose();
    if (called.error) return this.fail(world, called.error);
    const promise = called.value;
    try {
      for (;;) {
        const state = context.getPromiseState(promise);
        if (state.type === 'fulfilled') {
          const { value } = state;
          try {
            return this.read(world, value);
          } finally {
            value.dispose();
          }
        }
        if (state.type === 'rejected') return this.fail(world, state.error);
        // One job at a time, so that the clock is looked at between them too.
        const ran = runtime.executePendingJobs(1);
        if (ran.error) return this.fail(world, ran.error);
        if (Date.now() > this.deadline) return tooSlow;
        if (ran.value === 0) {
          const message = 'it waits for a promise that nothing will settle';
          return { ok: false, reason: 'error', message, log: this.readLog(world) };
        }
      }
    } finally {
      promise.dispose();
    }
  }

  private read(world: World, value: QuickJSHandle): SandboxAnswer {
    const { context } = world;
    const log = this.readLog(world);
    if (context.typeof(value) !== 'string') {
      return { ok: false, reason: 'error', message: 'the result cannot be written as JSON', log };
    }
    // Of a primitive string, so no getter of the module's is asked.
    const length = context.getProp(value, 'length').consume((handle) => context.getNumber(handle));
    if (length > longestResult) {
      return { ok: false, reason: 'error', message: `the result has ${length} characters`, log };
    }
    return { ok: true, json: context.getString(value), log };
  }

  private readLog(world: World): string[] {
    const { context } = world;
    const result = context.callFunction(world.log, context.undefined);
    if (result.error) {
      result.error.dispose();
      return [];
    }
    const read: unknown = JSON.parse(result.value.consume((handle) => context.getString(handle)));
    return Array.isArray(read)
      ? read.slice(0, mostLines).map((line) => String(line).slice(0, longestLine))
      : [];
  }

  private fail(world: World, error: QuickJSHandle): SandboxAnswer {
    const failure = this.explain(world, error);
    const log = failure.reason === 'error' ? this.readLog(world) : [];
    return { ok: false, ...failure, log };
  }

  /** Why something was thrown, in at most 500 characters; takes the handle. */
  private explain({ context, explain }: World, error: QuickJSHandle): Failure {
    if (this.interrupted) {
      error.dispose();
      return { reason: 'time', message: tooSlow.message };
    }
    const result = context.callFunction(explain, context.undefined, error);
    error.dispose();
    if (result.error) {
      result.error.dispose();
      return this.interrupted
        ? { reason: 'time', message: tooSlow.message }
        : { reason: 'memory', message: 'it used up its memory' };
    }
    const length = context.getProp(result.value, 'length').consume((handle) => context.getNumber(handle));
    const message =
      length > longestResult
        ? 'threw a very long text'
        : context.getString(result.value).slice(0, longestMessage);
    result.value.dispose();
    if (message.includes('out of memory')) return { reason: 'memory', message: 'it used up its memory' };
    return { reason: 'error', message };
  }

  private drop({ runtime, context, invoke, log, explain }: World): void {
    for (const handle of [invoke, log, explain]) handle.dispose();
    context.dispose();
    runtime.dispose();
  }
}

const tooSlow: Failure & { ok: false; log: string[] } = {
  ok: false,
  reason: 'time',
  message: 'it took longer than it may',
  log: [],
};
