import type { JsonGroup } from '@raptscallions/zod-schemas/product.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { stored } from '../../../db/stored_id';

/** What was filled in has passed the modules before the AI: teachers see it from here on, as they have left it. */
export async function showInput(
  db: Db,
  { tenantId, runId }: { tenantId: TenantId; runId: RichId<'run'> },
  changed?: JsonGroup,
): Promise<void> {
  const key = stored({ tenantId, runId });
  if (changed) await db.productResults.where(key).update({ input: changed, shownToStaff: true });
  else await db.productResults.where({ ...key, shownToStaff: false }).update({ shownToStaff: true });
}
