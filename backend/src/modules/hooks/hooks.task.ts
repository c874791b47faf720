import type { Db } from '../../db/db';
import { onTask } from '../../events/on_task';
import { observeHookTask } from './hooks.event';
import type { ModuleSupervisor } from './module_supervisor';
import { observeHook } from './services/observe_hook.service';

export function onObserveHook(tools: { db: Db; modules: Pick<ModuleSupervisor, 'find' | 'call'> }) {
  return onTask(observeHookTask, ({ input }) => observeHook(tools, input));
}
