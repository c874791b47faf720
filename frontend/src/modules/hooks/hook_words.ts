import type { HookName } from '@raptscallions/zod-schemas/hook.zod';
import { listNames } from '../chat/list_names';

/** What is read at a hook, as pages call it. */
export const hookWords: Record<HookName, string> = {
  'chat:before_ai': 'the question',
  'chat:after_ai': 'the answer',
  'product:before_ai': 'the form',
  'product:after_ai': 'the result',
  'chat:on_message': 'a message',
  'session:start': 'the beginning of a chat',
  'session:end': 'the end of a chat',
  'run:complete': 'the run',
};

const told: Record<string, string> = { history: 'the chat so far', tool: 'the tool', person: 'who it is' };

/** What a module is given to read, in a sentence or two. */
export function describeReading(hooks: HookName[], permissions: string[]): string {
  const reads = `Reads ${listNames(hooks.map((hook) => hookWords[hook]))}.`;
  if (permissions.length === 0) return reads;
  return `${reads} Also sees ${listNames(permissions.map((permission) => told[permission] ?? permission))}.`;
}
