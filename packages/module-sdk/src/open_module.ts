import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { HookName } from '@raptscallions/zod-schemas/hook.zod';
import { bundleModule } from './bundle_module';
import type { HookContext, Json } from './hook_context';
import { type HookResult, HookResultZod } from './hook_result';
import { defaultTimeoutMs, type ModuleManifest, parseManifest, readConfigSchema } from './module_manifest';
import { loadEngine, Sandbox } from './sandbox';

/** What a test says of a call; the rest of the context is what an empty chat would give. */
type Told<H extends HookName> = Partial<Omit<HookContext<H>, 'hook' | 'config'>> & {
  config?: Record<string, Json>;
};

export type OpenedModule = {
  manifest: ModuleManifest;
  /**
   * Calls a hook as the server would: in the sandbox, with the module's limits and defaults, and only with what
   * its permissions allow.
   * @throws Error when the module throws, takes too long or too much, or answers what is no result
   */
  call<H extends HookName>(hook: H, told: Told<H>): HookResult;
};

/** Opens the module in a folder for its author's tests. @throws Error naming what is wrong with it */
export async function openModule(folder: string): Promise<OpenedModule> {
  const manifest = parseManifest(await readFile(path.join(folder, 'module.yaml'), 'utf8'));
  const { limits, permissions, timeouts } = manifest;
  const sandbox = await Sandbox.create(await loadEngine(), await bundleModule(folder), limits.memoryMb);
  return {
    manifest,
    call(hook, { config, history, tool, person, ...told }) {
      if (!manifest.hooks.includes(hook)) throw new Error(`${manifest.name} does not name ${hook}`);
      const merged = { ...manifest.defaults, ...config };
      readConfigSchema(manifest.config).schema?.parse(merged);
      const may = new Set<string>(permissions);
      const context = {
        session: null,
        noted: {},
        ...told,
        hook,
        config: merged,
        history: may.has('history') ? (history ?? []) : undefined,
        tool: may.has('tool') ? tool : undefined,
        person: may.has('person') ? person : undefined,
      };
      const failed = sandbox.prepare(limits.milliseconds);
      if (failed) throw new Error(failed.message);
      const timeoutMs = Math.min(timeouts[hook] ?? defaultTimeoutMs, limits.milliseconds);
      const answer = sandbox.call(hook, JSON.stringify(context), timeoutMs);
      if (!answer.ok) throw new Error(answer.message);
      return HookResultZod.parse(JSON.parse(answer.json) ?? { kind: 'continue' });
    },
  };
}
