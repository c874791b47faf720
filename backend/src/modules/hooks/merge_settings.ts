import type { Json } from '@raptscallions/module-sdk/hook_context';
import { type ModuleLevel, moduleLevel } from '@raptscallions/zod-schemas/hook.zod';

/** A module as one place has it set. */
export type PlacedSetting = {
  module: string;
  level: ModuleLevel;
  /** of groups: rises from the district down */
  depth: number;
  /** null: as above */
  enabled: boolean | null;
  config: Record<string, Json>;
  /** what stands below this does not count */
  locked: boolean;
};

/** A module that is on, with what the places above and below say of its config; its own defaults come under that. */
export type PlannedModule = { name: string; config: Record<string, Json> };

const rankOf = ({ level, depth }: PlacedSetting) => moduleLevel.options.indexOf(level) * 1_000 + depth;

/**
 * Which modules are on, and how: global < groups from the top < class < tool, field by field, until a place has
 * locked it. A tool that names a module switches it on, unless it is locked above.
 * @param named the `modules` of the tool's YAML
 */
export function mergeSettings(settings: PlacedSetting[], named: string[]): PlannedModule[] {
  // Just above what the tool's own page says.
  const byTool = named.map((module) => ({
    module,
    level: 'tool' as const,
    depth: -1,
    enabled: true,
    config: {},
    locked: false,
  }));
  const merged = new Map<string, { enabled: boolean; locked: boolean; config: Record<string, Json> }>();
  for (const setting of [...settings, ...byTool].sort((a, b) => rankOf(a) - rankOf(b))) {
    const before = merged.get(setting.module) ?? { enabled: false, locked: false, config: {} };
    if (before.locked) continue;
    merged.set(setting.module, {
      enabled: setting.enabled ?? before.enabled,
      locked: setting.locked,
      config: { ...before.config, ...setting.config },
    });
  }
  return [...merged].flatMap(([name, { enabled, config }]) => (enabled ? [{ name, config }] : []));
}
