import type { HookName } from '@raptscallions/zod-schemas/hook.zod';
import type { HookContext } from './hook_context';
import type { HookAnswer } from './hook_result';

type Answer = HookAnswer | undefined;
export type ModuleDefinition = {
  [H in HookName]?: (context: HookContext<H>) => Answer | Promise<Answer>;
};

/**
 * What the `index.ts` of a module exports as default: a function for each hook its `module.yaml` names. Each
 * call begins in a fresh world: variables do not outlive it, and there are no files, network, timers or `process`.
 */
export function defineModule(hooks: ModuleDefinition): ModuleDefinition {
  return hooks;
}
