import { abilityFor, may } from '@raptscallions/policies/ability';
import type { MessageOriginalsZod, ReadOriginalsInputZod } from '@raptscallions/zod-schemas/hook.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';

/**
 * What was held back of a run, for an administrator of its class's group (or, for a trial, of its tool's). The
 * look is recorded in the same transaction: without its record there is none.
 * @throws AppError NOT_FOUND also for a run the actor may not look into
 */
export async function readOriginals(
  { db, tenantId, actor }: TenantContext,
  { runId, originalViewId }: z.output<typeof ReadOriginalsInputZod>,
): Promise<z.output<typeof MessageOriginalsZod>> {
  const run = await db.runs.includeDeleted().findByOptional(stored({ tenantId, runId }));
  if (!run) throw new AppError('NOT_FOUND');
  const { classId, toolVersionId } = run;
  const { groupId } = classId
    ? await db.classes.includeDeleted().findBy(stored({ tenantId, classId }))
    : await db.toolVersions.includeDeleted().findBy(stored({ tenantId, toolVersionId }));
  if (!may(abilityFor(actor), 'read', 'MessageOriginal', { groupId })) throw new AppError('NOT_FOUND');
  await db.messageOriginalViews
    .create({ tenantId, originalViewId, runId, viewerUserId: actor.userId, viewedAt: Date.now() })
    .onConflictDoNothing(['tenantId', 'originalViewId']);
  const rows = await db.messageOriginals.where(stored({ tenantId, runId })).order({ createdAt: 'ASC' });
  const originals = rows.map(({ hook, module, text, reason, createdAt }) => ({
    hook,
    module,
    text,
    reason,
    heldBackAt: createdAt,
  }));
  return { __type: 'MessageOriginals', runId, originals };
}
