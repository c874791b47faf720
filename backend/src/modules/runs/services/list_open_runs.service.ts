import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored, storedId } from '../../../db/stored_id';

/** The uuids of somebody's runs whose answers are still to come, for the stream of one of their browsers. */
export function listOpenRuns(db: Db, tenantId: TenantId, userId: UserId): Promise<string[]> {
  return enterTenant(db, tenantId, async () => {
    const runs = await db.runs
      .where({ ...stored({ tenantId, userId }), status: { in: ['pending', 'processing'] } })
      .select('runId');
    return runs.map(({ runId }) => storedId(runId));
  });
}
