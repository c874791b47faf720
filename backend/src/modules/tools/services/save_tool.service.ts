import { abilityFor, may } from '@raptscallions/policies/ability';
import type { ToolSaveInputZod } from '@raptscallions/zod-schemas/tool.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { describeTool } from './describe_tool.service';

/**
 * Stores the YAML of a draft to the letter, right or wrong, making tool and draft when they are new. A
 * published version never changes: an edit of one comes with the id of a new draft.
 * @throws AppError FORBIDDEN, NOT_FOUND for somebody else's tool, CONFLICT when the version is published
 */
export async function saveTool(ctx: TenantContext, input: z.output<typeof ToolSaveInputZod>): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const { toolId, toolVersionId, yaml } = input;
  const ability = abilityFor(actor);
  const tool = await db.tools.findByOptional(stored({ tenantId, toolId })).forUpdate();
  if (tool && !may(ability, 'update', 'Tool', { ...tool, givenTo: [] })) {
    throw new AppError('NOT_FOUND', 'This tool does not exist, or it is not yours to change.');
  }
  const groupId = tool ? tool.groupId : input.groupId;
  const ownerUserId = tool ? tool.ownerUserId : actor.userId;
  const version = await db.toolVersions.findByOptional(stored({ tenantId, toolVersionId }));
  if (version && version.toolId !== toolId) throw new AppError('NOT_FOUND');
  if (version?.status === 'published') {
    throw new AppError(
      'CONFLICT',
      `Version ${version.version} is published and stays as it is. Edit a new draft.`,
    );
  }
  const described = describeTool(yaml, version ?? undefined);
  if (!tool) {
    if (!may(ability, 'create', 'Tool', { groupId, ownerUserId, givenTo: [] })) {
      throw new AppError('FORBIDDEN', 'You may make tools in groups where you teach.');
    }
    const { name, slug, kind } = described;
    await db.tools.create({ tenantId, toolId, groupId, ownerUserId, name, slug, kind });
  } else if (!tool.publishedToolVersionId) {
    const { name, slug, kind } = described;
    await db.tools.where(stored({ tenantId, toolId })).update({ name, slug, kind });
  }
  const place = { tenantId, toolVersionId, toolId, groupId, ownerUserId };
  if (version) {
    await db.toolVersions.where(stored({ tenantId, toolVersionId })).update(described);
    await db.toolSources.where(stored({ tenantId, toolVersionId })).update({ yaml });
  } else {
    await db.toolVersions.create({ ...place, ...described });
    await db.toolSources.create({ ...place, yaml });
  }
}
