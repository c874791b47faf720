import { isDeepStrictEqual } from 'node:util';
import { abilityFor, may } from '@raptscallions/policies/ability';
import type {
  RosterSourceCreateInputZod,
  RosterSourceUpdateInputZod,
} from '@raptscallions/zod-schemas/roster.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { withSourceById } from './with_roster_rights.service';

/**
 * Makes a source of rosters. What it brings will hang under its group, so the actor has to administer that.
 * @throws AppError FORBIDDEN, BAD_REQUEST for a school system without an address, CONFLICT for a name that is taken
 */
export async function createRosterSource(
  ctx: TenantContext,
  input: z.output<typeof RosterSourceCreateInputZod>,
): Promise<void> {
  const { db, tenantId, actor, app } = ctx;
  const { secret, ...source } = input;
  if (!may(abilityFor(actor), 'manage', 'RosterSource', { groupId: source.rootGroupId })) {
    throw new AppError('FORBIDDEN', 'Only an administrator of this group may add a source of rosters to it.');
  }
  if (source.kind === 'rest' && !source.connection) {
    throw new AppError('BAD_REQUEST', 'connection: a school system needs the address it is asked at.');
  }
  await refuseTwin(ctx, source.name);
  const sealedSecret = secret === undefined ? null : app.secretBox.seal(secret, source.rosterSourceId);
  await db.rosterSources.create({ tenantId, ...source, sealedSecret });
}

/**
 * Changes a source. A new address needs its secret anew: otherwise whoever may change the address could have the
 * stored secret sent to a machine of their own.
 * @throws AppError NOT_FOUND, CONFLICT for a name that is taken, BAD_REQUEST
 */
export async function updateRosterSource(
  ctx: TenantContext,
  input: z.output<typeof RosterSourceUpdateInputZod>,
): Promise<void> {
  const { db, tenantId, app } = ctx;
  const { rosterSourceId, secret, ...changes } = input;
  const found = await withSourceById(ctx, rosterSourceId);
  if (changes.name !== undefined && changes.name !== found.name) await refuseTwin(ctx, changes.name);
  const moved = changes.connection !== undefined && !isDeepStrictEqual(changes.connection, found.connection);
  const sealed =
    secret === undefined
      ? moved && { sealedSecret: null }
      : { sealedSecret: app.secretBox.seal(secret, rosterSourceId) };
  await db.rosterSources.findBy(stored({ tenantId, rosterSourceId })).update({ ...changes, ...sealed });
}

async function refuseTwin({ db, tenantId }: TenantContext, name: string): Promise<void> {
  const twin = await db.rosterSources.where({ ...stored({ tenantId }), name }).exists();
  if (twin) throw new AppError('CONFLICT', `There is a source called “${name}” already.`);
}
