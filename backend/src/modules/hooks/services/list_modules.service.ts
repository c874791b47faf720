import type { ListModulesInputZod, ModuleListZod, ModulePlace } from '@raptscallions/zod-schemas/hook.zod';
import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { z } from 'zod';
import type { Db } from '../../../db/db';
import { stored } from '../../../db/stored_id';
import type { ReadContext } from '../../../procedures/context';
import { mergeSettings, type PlacedSetting } from '../merge_settings';
import { type FoundPlace, findPlace } from './find_place.service';
import { readSettings } from './read_settings.service';

/**
 * The modules of this installation as they are set in one place, with what counts there from above.
 * @throws AppError NOT_FOUND for a place that is not the actor's to look after
 */
export async function listModules(
  ctx: ReadContext,
  { place }: z.output<typeof ListModulesInputZod>,
): Promise<z.output<typeof ModuleListZod>> {
  const { dbRO, tenantId } = ctx;
  const found = await findPlace(ctx, dbRO, 'read', place);
  const settings = await readSettings(dbRO, { tenantId, ...found });
  const modules = await dbRO.hookModules
    .where({ ...stored({ tenantId: systemTenantId }), removedAt: null })
    .order({ name: 'ASC' });
  const items = modules.map(({ name: module, manifest: kept, status, problem, crashes }) => {
    // The database does not keep the order of a schema's fields; whoever loaded the module has it.
    const manifest = ctx.app.modules.find(module)?.manifest ?? kept;
    const own = settings.find((setting) => setting.module === module && isOf(setting, place)) ?? null;
    return {
      __type: 'ModuleSummary' as const,
      module,
      displayName: manifest?.displayName ?? module,
      version: manifest?.version ?? '–',
      description: manifest?.description ?? 'Its module.yaml cannot be read.',
      author: manifest?.author ?? null,
      icon: manifest?.icon ?? null,
      hooks: manifest?.hooks ?? [],
      scope: manifest?.scope ?? [],
      permissions: manifest?.permissions ?? [],
      onError: manifest?.on_error ?? 'block',
      tags: manifest?.tags ?? [],
      status,
      problem,
      crashes,
      configSchema: toJson(manifest?.config ?? {}),
      defaults: manifest?.defaults ?? {},
      own: own && { enabled: own.enabled, config: own.config, locked: own.locked },
      above: readAbove(settings, module, place),
    };
  });
  return { __type: 'ModuleList', items };
}

/** Of the group itself, and not of one above it. */
function isOf({ level, depth }: PlacedSetting, { kind }: ModulePlace): boolean {
  return level === kind && (level !== 'group' || depth === deepest);
}
/** The depth `readSettings` gives to the group that was asked for. */
const deepest = 50;

function readAbove(settings: PlacedSetting[], module: string, place: ModulePlace) {
  const above = settings.filter((setting) => setting.module === module && !isOf(setting, place));
  const [on] = mergeSettings(above, []);
  return {
    enabled: on !== undefined,
    config: on?.config ?? {},
    locked: above.some(({ locked }) => locked),
  };
}

/** Whether somebody further up has locked the module, so that nothing can be set in this place. */
export async function isLockedAbove(
  db: Db,
  { tenantId }: Pick<ReadContext, 'tenantId'>,
  found: FoundPlace,
  place: ModulePlace,
  module: string,
): Promise<boolean> {
  const settings = await readSettings(db, { tenantId, ...found });
  return readAbove(settings, module, place).locked;
}

function toJson(schema: object): Record<string, z.core.util.JSONType> {
  return JSON.parse(JSON.stringify(schema));
}
