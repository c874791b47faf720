import type { AnyHookContext, HookAbout, HookInput, Json } from '@raptscallions/module-sdk/hook_context';
import type { HookResult } from '@raptscallions/module-sdk/hook_result';
import { defaultPriority } from '@raptscallions/module-sdk/module_manifest';
import type { DecidingHook, Extraction, HookName, VerdictOutcome } from '@raptscallions/zod-schemas/hook.zod';
import type { PlannedModule } from './merge_settings';
import type { CallOutcome, Failed, InstalledModule, ModuleSupervisor } from './module_supervisor';

/** What one module said in one hook, all its calls together. */
export type Verdict = {
  hook: HookName;
  module: string;
  version: string;
  outcome: VerdictOutcome;
  calls: number;
  ms: number;
  reason: string | null;
  audit: Record<string, Json>;
  log: string[];
};
export type Noted = { hook: HookName; module: string; extraction: Extraction };

type DecidingInput = HookInput<DecidingHook>;
/**
 * `fail`: a module that must not be left out could not say, so nothing goes on. `failure` is one of our own words
 * and may stand in a log; what the module threw may hold what somebody wrote, and stands in its verdict only.
 */
export type Decision<I extends DecidingInput = DecidingInput> =
  | { kind: 'pass'; input: I; prompts: string[]; directResponse: null }
  | { kind: 'pass'; input: I; prompts: string[]; directResponse: string; module: string }
  | { kind: 'block'; module: string; reason: string | null; directResponse: string | null }
  | { kind: 'fail'; module: string; failure: Failed['reason'] };

type Step = { planned: PlannedModule; installed: InstalledModule | undefined };
type Asked = { step: Step; result: HookResult };

/** What all modules may be told; each gets of it what its permissions allow. */
export type ToldAbout = Omit<HookAbout, 'config' | 'noted'>;

/** The worst stands for all calls. */
const ranks: VerdictOutcome[] = ['passed', 'changed', 'answered', 'failed', 'blocked'];
const longestAudit = 8_000;
const mostLines = 50;
const mostNotes = 50;

/**
 * The modules that are on for one run or session, asked one after the other: those a module depends on first,
 * then by priority, then by name. Keeps what they said until it is stored.
 */
export class HookChain {
  private readonly said = new Map<string, Verdict>();
  readonly notes: Noted[] = [];

  constructor(
    private readonly supervisor: Pick<ModuleSupervisor, 'find' | 'call'>,
    private readonly planned: PlannedModule[],
    private readonly about: ToldAbout,
    /** whose texts they are, opaque and steady */
    private readonly person?: string,
  ) {}

  get verdicts(): Verdict[] {
    return [...this.said.values()];
  }

  has(hook: HookName): boolean {
    return this.stepsOf(hook).length > 0;
  }

  /** Asks the modules of a deciding hook; each sees what the one before it has left. */
  async decide<I extends DecidingInput>(input: I): Promise<Decision<I>> {
    const prompts: string[] = [];
    const noted: HookAbout['noted'] = {};
    let current = input;
    for (const step of this.stepsOf(input.hook)) {
      const { name } = step.planned;
      const outcome = await this.ask(step, current, noted);
      if (!outcome.ok) {
        const { message } = outcome;
        this.record(input.hook, step, outcome, 'failed', message);
        // Switched on by somebody and not here at all: whether it may be left out, nobody can say.
        if ((step.installed?.manifest.on_error ?? 'block') === 'block') {
          return { kind: 'fail', module: name, failure: outcome.reason };
        }
        continue;
      }
      const { result } = outcome;
      this.note(input.hook, { step, result });
      noted[name] = { extractions: result.extractions ?? [], audit: result.audit ?? {} };
      const directResponse = result.directResponse ?? null;
      if (result.kind === 'block') {
        const reason = result.reason ?? null;
        this.record(input.hook, step, outcome, 'blocked', reason);
        return { kind: 'block', module: name, reason, directResponse };
      }
      const { modifications = {} } = result;
      const next = modify(current, modifications);
      if (modifications.prompt) prompts.push(modifications.prompt);
      const changed = next !== current || modifications.prompt !== undefined;
      this.record(
        input.hook,
        step,
        outcome,
        directResponse ? 'answered' : changed ? 'changed' : 'passed',
        null,
      );
      current = next;
      if (directResponse) return { kind: 'pass', input: current, prompts, directResponse, module: name };
    }
    return { kind: 'pass', input: current, prompts, directResponse: null };
  }

  /** Asks the modules that only look; what they say changes nothing, and one that fails hinders no other. */
  async observe(input: HookInput): Promise<void> {
    for await (const { step, outcome } of this.askEach(input)) {
      this.record(input.hook, step, outcome, 'passed', null);
    }
  }

  /**
   * Whether one of the modules but `writer` holds back what that one answers to a question it has held back. The
   * school wrote it for a pupil who may be in need: it stands word for word, a number to call included, and no
   * module that cannot say takes it away.
   */
  async refuses(input: DecidingInput, writer: string): Promise<boolean> {
    for await (const { step, outcome, result } of this.askEach(input, writer)) {
      const reason = result.kind === 'block' ? (result.reason ?? null) : null;
      this.record(input.hook, step, outcome, result.kind === 'block' ? 'blocked' : 'passed', reason);
      if (result.kind === 'block') return true;
    }
    return false;
  }

  /** What each says of the same thing, those that fail left out. */
  private async *askEach(input: HookInput, except?: string) {
    const noted: HookAbout['noted'] = {};
    for (const step of this.stepsOf(input.hook)) {
      const { name } = step.planned;
      if (name === except) continue;
      const outcome = await this.ask(step, input, noted);
      if (!outcome.ok) {
        this.record(input.hook, step, outcome, 'failed', outcome.message);
        continue;
      }
      const { result } = outcome;
      this.note(input.hook, { step, result });
      noted[name] = { extractions: result.extractions ?? [], audit: result.audit ?? {} };
      yield { step, outcome, result };
    }
  }

  private async ask(step: Step, input: HookInput, noted: HookAbout['noted']): Promise<CallOutcome> {
    const { planned, installed } = step;
    const { defaults = {}, permissions = [], dependencies = {} } = installed?.manifest ?? {};
    const { session, history, tool, person } = this.about;
    const context: AnyHookContext = {
      ...input,
      config: { ...defaults, ...planned.config },
      session,
      history: permissions.includes('history') ? history : undefined,
      tool: permissions.includes('tool') ? tool : undefined,
      person: permissions.includes('person') ? person : undefined,
      noted: Object.fromEntries(Object.entries(noted).filter(([name]) => name in dependencies)),
    };
    return await this.supervisor.call(planned.name, context, { person: this.person });
  }

  private record(
    hook: HookName,
    { planned, installed }: Step,
    { ms, log, ...outcome }: CallOutcome,
    what: VerdictOutcome,
    reason: string | null,
  ): void {
    const key = `${hook} ${planned.name}`;
    const before = this.said.get(key);
    const audit = outcome.ok ? (outcome.result.audit ?? {}) : {};
    const merged = { ...before?.audit, ...audit };
    this.said.set(key, {
      hook,
      module: planned.name,
      version: installed?.manifest.version ?? '0.0.0',
      outcome: before && ranks.indexOf(before.outcome) > ranks.indexOf(what) ? before.outcome : what,
      calls: (before?.calls ?? 0) + 1,
      ms: (before?.ms ?? 0) + ms,
      reason: reason?.slice(0, 500) ?? before?.reason ?? null,
      audit: JSON.stringify(merged).length > longestAudit ? (before?.audit ?? {}) : merged,
      log: [...(before?.log ?? []), ...log].slice(0, mostLines),
    });
  }

  private note(hook: HookName, { step, result }: Asked): void {
    for (const extraction of result.extractions ?? []) {
      const module = step.planned.name;
      const known = this.notes.some(
        (note) =>
          note.module === module &&
          note.extraction.kind === extraction.kind &&
          note.extraction.label === extraction.label,
      );
      if (!known && this.notes.length < mostNotes) this.notes.push({ hook, module, extraction });
    }
  }

  private stepsOf(hook: HookName): Step[] {
    const steps: Step[] = [];
    const seen = new Set<string>();
    const visit = (planned: PlannedModule) => {
      if (seen.has(planned.name)) return;
      seen.add(planned.name);
      const installed = this.supervisor.find(planned.name);
      for (const name of Object.keys(installed?.manifest.dependencies ?? {})) {
        visit(this.planned.find((other) => other.name === name) ?? { name, config: {} });
      }
      // One that is not here is asked, in vain, where its absence can still hold something back.
      if (installed ? installed.manifest.hooks.includes(hook) : hook.endsWith(':before_ai')) {
        steps.push({ planned, installed });
      }
    };
    const priorityOf = ({ name }: PlannedModule) =>
      this.supervisor.find(name)?.manifest.priorities[hook] ?? defaultPriority;
    [...this.planned]
      .sort((a, b) => priorityOf(a) - priorityOf(b) || (a.name < b.name ? -1 : 1))
      .forEach(visit);
    return steps;
  }
}

function modify<I extends DecidingInput>(
  input: I,
  { text, data }: { text?: string; data?: Record<string, Json> },
): I {
  if ('text' in input && text !== undefined && text !== input.text) return { ...input, text };
  if ('data' in input && data !== undefined) return { ...input, data };
  return input;
}
