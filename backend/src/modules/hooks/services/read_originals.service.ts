import type { ReadOriginalsInputZod, RunOriginalsZod } from '@raptscallions/zod-schemas/hook.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import type { TenantContext } from '../../../procedures/context';
import { checkOverseen } from '../../runs/services/check_overseen.service';

/**
 * What was held back of a run, for its administrators. The look is recorded in the same transaction: without its
 * record there is none.
 * @throws AppError NOT_FOUND also for a run the actor may not look into
 */
export async function readOriginals(
  ctx: TenantContext,
  { runId, originalViewId }: z.output<typeof ReadOriginalsInputZod>,
): Promise<z.output<typeof RunOriginalsZod>> {
  const { db, tenantId, actor } = ctx;
  await checkOverseen(ctx, runId, 'RunOriginal');
  await db.runOriginalViews
    .create({ tenantId, originalViewId, runId, viewerUserId: actor.userId, viewedAt: Date.now() })
    .onConflictDoNothing(['tenantId', 'originalViewId']);
  const rows = await db.runOriginals.where(stored({ tenantId, runId })).order({ createdAt: 'ASC' });
  const originals = rows.map(({ hook, module, original, reason, createdAt: heldBackAt }) => ({
    hook,
    module,
    original,
    reason,
    heldBackAt,
  }));
  return { __type: 'RunOriginals', runId, originals };
}
