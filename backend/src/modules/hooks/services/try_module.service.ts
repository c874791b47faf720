import type { HookInput } from '@raptscallions/module-sdk/hook_context';
import type { ModuleTrialZod, TryModuleInputZod } from '@raptscallions/zod-schemas/hook.zod';
import type { z } from 'zod';
import type { ReadContext } from '../../../procedures/context';
import { HookChain } from '../hook_chain';
import { mergeSettings } from '../merge_settings';
import { findPlace } from './find_place.service';
import { readSettings } from './read_settings.service';
import { findModule } from './set_module.service';

type Trial = z.output<typeof ModuleTrialZod>;

/**
 * What a module says about a sample text, with the settings of a place; nothing is stored. A module it depends on
 * is asked first, as in a chat.
 * @throws AppError NOT_FOUND for a place or module that is not there for the actor
 */
export async function tryModule(
  ctx: ReadContext,
  { place, module: name, hook, text, config }: z.output<typeof TryModuleInputZod>,
): Promise<Trial> {
  const { app, dbRO, tenantId } = ctx;
  const found = await findPlace(ctx, dbRO, 'read', place);
  await findModule(dbRO, name);
  const settings = await readSettings(dbRO, { tenantId, ...found });
  // As if it were on.
  const [planned] = mergeSettings(
    settings.filter(({ module }) => module === name).map((setting) => ({ ...setting, enabled: true })),
    [name],
  );
  const { modules } = app;
  const asker: typeof modules = {
    find: (wanted) => modules.find(wanted),
    call: (wanted, context) => modules.call(wanted, context, 'trial'),
  };
  const chain = new HookChain(asker, [{ name, config: { ...planned?.config, ...config } }], {
    session: null,
    history: [],
    tool: { name: 'A sample', behavior: '', topics: [], noDirectAnswers: false, subject: null, grades: [] },
    person: { key: 'sample', name: 'A pupil' },
  });
  const left = await ask(chain, hook, text);
  const verdict = chain.verdicts.find(({ module }) => module === name);
  return {
    __type: 'ModuleTrial',
    outcome: verdict?.outcome ?? 'passed',
    ...left,
    reason: verdict?.reason ?? null,
    extractions: chain.notes.map(({ extraction }) => extraction),
    audit: verdict?.audit ?? {},
    log: verdict?.log ?? [],
    ms: verdict?.ms ?? 0,
  };
}

async function ask(
  chain: HookChain,
  hook: z.output<typeof TryModuleInputZod>['hook'],
  text: string,
): Promise<Pick<Trial, 'text' | 'directResponse'>> {
  if (hook === 'chat:on_message') {
    await chain.observe({ hook, role: 'user', text });
    return { text, directResponse: null };
  }
  const input: HookInput<'chat:before_ai' | 'chat:after_ai'> =
    hook === 'chat:before_ai' ? { hook, text } : { hook, text, soFar: '', final: true };
  const decision = await chain.decide(input);
  if (decision.kind === 'fail') return { text: null, directResponse: null };
  const { directResponse } = decision;
  return { text: decision.kind === 'pass' ? decision.input.text : null, directResponse };
}
