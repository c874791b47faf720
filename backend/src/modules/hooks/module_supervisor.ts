import type { AnyHookContext } from '@raptscallions/module-sdk/hook_context';
import { type HookResult, HookResultZod } from '@raptscallions/module-sdk/hook_result';
import { defaultTimeoutMs, type ModuleManifest } from '@raptscallions/module-sdk/module_manifest';
import type { ModuleStatus } from '@raptscallions/zod-schemas/hook.zod';
import semver from 'semver';
import { toStorable, toStorableText } from '../../events/storable_text';
import type { Logger } from '../../lib/logger';
import { ModuleHealth } from './module_health';
import { type ReadModule, readModules } from './read_modules';
import { SandboxThreads, type ThreadModule } from './sandbox_threads';

/** How soon a changed file is noticed. Looking at some dozen files costs less than a watcher that misses one. */
const lookMs = 1_000;

export type InstalledModule = { manifest: ModuleManifest; code: string; key: string };
export type ModuleState = {
  name: string;
  /** null when it could not be read even once */
  manifest: ModuleManifest | null;
  status: ModuleStatus;
  /** what is wrong, for an administrator; also when an older version still runs */
  problem: string | null;
  crashes: number;
};

export type Failed = {
  ok: false;
  reason:
    | 'absent'
    | 'resting'
    | 'disabled'
    | 'time'
    | 'memory'
    | 'error'
    | 'crash'
    | 'unavailable'
    | 'result';
  message: string;
};
export type CallOutcome = ({ ok: true; result: HookResult } | Failed) & {
  /** what the caller waited */
  ms: number;
  /** what it wrote to its console */
  log: string[];
};

type Options = {
  /** holds a folder for each module */
  folder: string;
  /** how many calls run at once */
  threads: number;
  logger: Logger;
  /** after modules were added, changed or removed, or one fell ill or recovered */
  onChange?: (states: ModuleState[]) => void;
};

type Entry = { health: ModuleHealth; problem: string | null; installed: InstalledModule | undefined };

/**
 * Knows the modules in a folder, loads them anew when their files change, and calls them. A module that crashes
 * rests, longer each time, and is disabled after five crashes in a row: see `ModuleHealth`. What its failure means
 * for a message is for the caller: its manifest says so.
 */
export class ModuleSupervisor {
  private readonly entries = new Map<string, Entry>();
  private read: Map<string, ReadModule> = new Map();
  private readonly threads: SandboxThreads;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: Options) {
    this.threads = new SandboxThreads(options.threads, (message) =>
      options.logger.error({ detail: message }, 'a sandbox of modules could not be started'),
    );
  }

  /** Reads the folder, and from then on again whenever something in it changes. */
  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), lookMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    await this.threads.stop();
  }

  /** Reads what has changed now rather than within a second. */
  look(): Promise<void> {
    this.looking = this.looking
      .then(() => this.readChanges())
      .catch((error: unknown) => this.options.logger.error({ err: error }, 'modules could not be read'));
    return this.looking;
  }

  find(name: string): InstalledModule | undefined {
    return this.entries.get(name)?.installed;
  }

  /** In the order of their names. */
  states(): ModuleState[] {
    return [...this.entries].map(([name, { health, problem, installed }]) => ({
      name,
      manifest: installed?.manifest ?? null,
      status: !installed
        ? 'broken'
        : health.disabled
          ? 'disabled'
          : health.mayRun(Date.now())
            ? 'ready'
            : 'resting',
      problem,
      crashes: health.crashes,
    }));
  }

  /** Lets a module that was disabled, or rests, begin again. */
  revive(name: string): void {
    const entry = this.entries.get(name);
    if (!entry) return;
    entry.health.revive();
    entry.problem = null;
    this.changed();
  }

  /**
   * Asks a module. Never rejects: whatever goes wrong inside is an outcome.
   * @param forWhom whose text it is, opaque and steady. A trial is made with one that is ill too, and makes none
   * ill: somebody looks for its fault
   */
  async call(
    name: string,
    context: AnyHookContext,
    forWhom: { person?: string } | 'trial' = {},
  ): Promise<CallOutcome> {
    const began = performance.now();
    const failed = (reason: Failed['reason'], message: string, log: string[] = []): CallOutcome => ({
      ok: false,
      reason,
      message,
      ms: performance.now() - began,
      log,
    });
    const entry = this.entries.get(name);
    if (!entry?.installed) return failed('absent', entry?.problem ?? 'there is no such module');
    const { health, installed } = entry;
    const counts = forWhom !== 'trial';
    const person = counts ? forWhom.person : undefined;
    if (counts && health.disabled)
      return failed('disabled', 'it was disabled after it had crashed for five people in a row');
    if (counts && !health.mayRun(Date.now(), person)) return failed('resting', 'it rests after a crash');

    const { manifest } = installed;
    const { limits, timeouts } = manifest;
    const { hook } = context;
    const timeoutMs = Math.min(timeouts[hook] ?? defaultTimeoutMs, limits.milliseconds);
    const call = { hook, context: JSON.stringify(context), timeoutMs };
    const answer = await this.threads.run(threadModule(installed), call);
    // It is stored with the end of a run: what PostgreSQL cannot hold would keep that run from ending.
    const log = answer.log.map(toStorableText);
    if (!answer.ok) {
      const message = toStorableText(answer.message);
      const modulesFault = answer.reason !== 'error' && answer.reason !== 'unavailable';
      if (counts && modulesFault) this.crashed(name, entry, message, person);
      return failed(answer.reason, message, log);
    }
    if (counts && health.answered(person)) {
      entry.problem = null;
      this.changed();
    }
    const result = readResult(answer.json);
    if (typeof result === 'string') return failed('result', result, log);
    return { ok: true, result, ms: performance.now() - began, log };
  }

  private crashed(name: string, entry: Entry, message: string, person: string | undefined): void {
    const { health } = entry;
    health.crashed(Date.now(), person);
    entry.problem = message;
    const { crashes, restsUntil, disabled } = health;
    this.options.logger.warn({ module: name, crashes, disabled, detail: message }, 'a module crashed');
    this.changed();
    // Whoever looks at it should see when its rest is over.
    const leftMs = restsUntil - Date.now();
    if (!disabled && leftMs > 0) setTimeout(() => this.changed(), leftMs).unref();
  }

  private changed(): void {
    this.options.onChange?.(this.states());
  }

  private async readChanges(): Promise<void> {
    const read = await readModules(this.options.folder, this.read);
    const same =
      read.size === this.read.size && [...read].every(([name, now]) => this.read.get(name) === now);
    if (same) return;
    this.read = read;
    for (const name of [...this.entries.keys()]) if (!read.has(name)) this.entries.delete(name);
    for (const [name, now] of [...read].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const before = this.entries.get(name);
      if ('problem' in now) {
        // A version with a mistake in it does not switch off the one that works.
        this.entries.set(name, {
          health: new ModuleHealth(),
          installed: undefined,
          ...before,
          problem: now.problem,
        });
      } else if (before?.installed?.key !== now.key) {
        this.entries.set(name, { health: new ModuleHealth(), problem: null, installed: now });
      } else if (before.health.crashes === 0) {
        before.problem = null;
      }
    }
    this.checkDependencies();
    this.threads.renew();
    for (const { installed } of this.entries.values()) {
      if (installed) await this.threads.warm(threadModule(installed));
    }
    this.changed();
  }

  /** Takes out those whose dependencies are not there, and those that need each other. */
  private checkDependencies(): void {
    for (let more = true; more; ) {
      more = false;
      for (const entry of this.entries.values()) {
        const problem = entry.installed && this.lacks(entry.installed.manifest);
        if (!problem) continue;
        entry.problem = problem;
        entry.installed = undefined;
        more = true;
      }
    }
  }

  private lacks({ name, dependencies }: ModuleManifest): string | undefined {
    for (const [other, range] of Object.entries(dependencies)) {
      const found = this.entries.get(other)?.installed?.manifest;
      if (!found) return `it needs ${other} ${range}, which is not here`;
      if (!semver.satisfies(found.version, range))
        return `it needs ${other} ${range}, and ${found.version} is here`;
      if (this.needs(other, name, new Set())) return `it and ${other} need each other`;
    }
    return undefined;
  }

  private needs(name: string, wanted: string, seen: Set<string>): boolean {
    if (name === wanted) return true;
    if (seen.has(name)) return false;
    seen.add(name);
    const { dependencies = {} } = this.entries.get(name)?.installed?.manifest ?? {};
    return Object.keys(dependencies).some((next) => this.needs(next, wanted, seen));
  }
}

function threadModule({ key, code, manifest }: InstalledModule): ThreadModule {
  return { key, code, memoryMb: manifest.limits.memoryMb, loadMs: manifest.limits.milliseconds };
}

/** @returns what is wrong with it, when it is no result */
function readResult(json: string): HookResult | string {
  try {
    const parsed = HookResultZod.safeParse(toStorable(JSON.parse(json) ?? { kind: 'continue' }));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return `its result is none: ${issue?.path.join('.') || 'at the top'}: ${issue?.message}`;
  } catch {
    // Nested deeper than anything that means something.
    return 'its result cannot be read';
  }
}
