import { abilityFor, may } from '@raptscallions/policies/ability';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';

/**
 * Makes sure that the actor may read what of a run only administrators do: those of its class's group or, for a
 * trial, of its tool's.
 * @throws AppError NOT_FOUND for any other run
 */
export async function checkOverseen(
  { db, tenantId, actor }: TenantContext,
  runId: RichId<'run'>,
  kind: 'RunPrompt' | 'RunOriginal',
): Promise<void> {
  const run = await db.runs.includeDeleted().findByOptional(stored({ tenantId, runId }));
  if (!run) throw new AppError('NOT_FOUND');
  const { classId, toolVersionId } = run;
  const { groupId } = classId
    ? await db.classes.includeDeleted().findBy(stored({ tenantId, classId }))
    : await db.toolVersions.includeDeleted().findBy(stored({ tenantId, toolVersionId }));
  if (!may(abilityFor(actor), 'read', kind, { groupId })) throw new AppError('NOT_FOUND');
}
