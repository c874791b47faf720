import { abilityFor, may } from '@raptscallions/policies/ability';
import type { ToolArchiveInputZod } from '@raptscallions/zod-schemas/tool.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { toolArchived } from '../tools.event';

/**
 * Puts a tool away, or brings it back. Classes that have one of its versions go on using that.
 * @throws AppError NOT_FOUND for somebody else's tool
 */
export async function archiveTool(
  ctx: TenantContext,
  input: z.output<typeof ToolArchiveInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const { toolId, archived } = input;
  const tool = await db.tools.includeDeleted().findByOptional(stored({ tenantId, toolId }));
  if (!tool || !may(abilityFor(actor), 'delete', 'Tool', { ...tool, givenTo: [] })) {
    throw new AppError('NOT_FOUND', 'This tool does not exist, or it is not yours to archive.');
  }
  await db.tools
    .includeDeleted()
    .where(stored({ tenantId, toolId }))
    .update({ deletedAt: archived ? Date.now() : null });
  await ctx.app.publish(toolArchived, { ...eventOf(ctx, 'ToolArchived', toolId), archived });
}
