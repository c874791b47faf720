import { abilityFor, may } from '@raptscallions/policies/ability';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';

/**
 * A source the actor may manage: an administrator of the group its organisations hang under.
 * @throws AppError NOT_FOUND when it is missing or not theirs to see
 */
export async function withSourceById(
  { db, tenantId, actor }: Pick<TenantContext, 'db' | 'tenantId' | 'actor'>,
  rosterSourceId: RichId<'rostersource'>,
) {
  const source = await db.rosterSources.findByOptional(stored({ tenantId, rosterSourceId }));
  if (!source || !may(abilityFor(actor), 'manage', 'RosterSource', { groupId: source.rootGroupId })) {
    throw new AppError('NOT_FOUND', 'This roster source does not exist, or you do not look after it.');
  }
  return source;
}

/** A run of such a source. @throws AppError NOT_FOUND */
export async function withRosterRunById(
  ctx: Pick<TenantContext, 'db' | 'tenantId' | 'actor'>,
  rosterRunId: RichId<'rosterrun'>,
) {
  const run = await ctx.db.rosterRuns.findByOptional(stored({ tenantId: ctx.tenantId, rosterRunId }));
  if (!run) throw new AppError('NOT_FOUND', 'This run does not exist, or you do not look after its source.');
  await withSourceById(ctx, run.rosterSourceId);
  return run;
}
