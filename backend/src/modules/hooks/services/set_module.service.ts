import { readConfigSchema } from '@raptscallions/module-sdk/module_manifest';
import type { ReviveModuleInputZod, SetModuleInputZod } from '@raptscallions/zod-schemas/hook.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { systemTenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { z } from 'zod';
import type { Db } from '../../../db/db';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { ReadContext, TenantContext } from '../../../procedures/context';
import { findPlace } from './find_place.service';
import { isLockedAbove } from './list_modules.service';

/** A module that is here. @throws AppError NOT_FOUND */
export async function findModule(db: Db, name: string) {
  const module = await db.hookModules.findByOptional({ ...stored({ tenantId: systemTenantId }), name });
  if (!module?.manifest || module.removedAt !== null) {
    throw new AppError('NOT_FOUND', 'There is no such module in this installation.');
  }
  return { ...module, manifest: module.manifest };
}

/**
 * Sets a module in one place; set as the places above have it, with nothing of its own, the place forgets it.
 * @throws AppError NOT_FOUND for a place that is not the actor's, CONFLICT where it is locked above, BAD_REQUEST
 * for a config its schema refuses, FORBIDDEN for a lock by somebody who only owns the tool
 */
export async function setModule(
  ctx: TenantContext,
  { place, module: name, enabled, config, locked }: z.output<typeof SetModuleInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const found = await findPlace(ctx, db, 'update', place);
  const { manifest } = await findModule(db, name);
  if (!manifest.scope.includes(place.kind)) {
    throw new AppError('BAD_REQUEST', `${manifest.displayName ?? name} cannot be set in this place.`);
  }
  if (locked && !found.administers) {
    throw new AppError('FORBIDDEN', 'Only an administrator can fix a module for everything below.');
  }
  if (await isLockedAbove(db, ctx, found, place, name)) {
    throw new AppError('CONFLICT', 'Your administrators have fixed how this module works here.');
  }
  // A place says only what differs, so nothing is required of it.
  const { schema } = readConfigSchema({ ...manifest.config, required: [] });
  const wrong = schema?.safeParse(config).error?.issues[0];
  if (wrong) {
    const title = wrong.path.join('.') || 'The settings';
    throw new AppError('BAD_REQUEST', `${title}: ${wrong.message}`);
  }
  const { groupId, classId, toolId } = found;
  const where = { ...stored({ tenantId, groupId, classId, toolId }), module: name };
  if (enabled === null && !locked && Object.keys(config).length === 0) {
    await db.moduleSettings.where(where).delete();
    return;
  }
  const set = { enabled, config, locked, updatedByUserId: actor.userId };
  const changed = await db.moduleSettings.where(where).update(set);
  if (changed > 0) return;
  const moduleSettingId = newId('modulesetting');
  await db.moduleSettings.create({
    tenantId,
    moduleSettingId,
    module: name,
    groupId,
    classId,
    toolId,
    ...set,
  });
}

/**
 * Lets a module that was disabled after its crashes begin again, in every process within some seconds.
 * @param input `place`: one that the actor administers
 * @throws AppError NOT_FOUND for a module that is not here, or a place that is not theirs
 */
export async function reviveModule(
  ctx: ReadContext,
  { place, module: name }: z.output<typeof ReviveModuleInputZod>,
): Promise<void> {
  const { app, dbRO } = ctx;
  const { administers } = await findPlace(ctx, dbRO, 'update', place);
  if (!administers) throw new AppError('NOT_FOUND');
  await findModule(dbRO, name);
  // The row is the installation's and not the tenant's.
  await app.systemDb.hookModules
    .where({ ...stored({ tenantId: systemTenantId }), name })
    .update({ reviveRequestedAt: Date.now() });
}
