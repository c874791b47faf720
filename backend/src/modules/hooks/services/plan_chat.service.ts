import type { HookAbout } from '@raptscallions/module-sdk/hook_context';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { stored } from '../../../db/stored_id';
import { parseToolOnce } from '../../tools/parse_tool_once';
import type { PlannedModule } from '../merge_settings';
import { planModules } from './plan_modules.service';

export type ChatPlan = { planned: PlannedModule[]; tool: NonNullable<HookAbout['tool']> };

/** Which modules read along where this tool version is used, and what they may be told of the tool. */
export async function planChat(
  db: Db,
  of: { tenantId: TenantId; classId: ClassId | null; toolVersionId: RichId<'toolversion'> },
): Promise<ChatPlan> {
  const { tenantId, toolVersionId } = of;
  const { yaml } = await db.toolSources.includeDeleted().findBy(stored({ tenantId, toolVersionId }));
  const parsed = parseToolOnce(yaml);
  const tool = parsed.ok ? parsed.tool : undefined;
  return {
    planned: await planModules(db, { ...of, named: tool?.modules ?? [] }),
    tool: {
      name: tool?.name ?? 'Draft',
      behavior: tool?.behavior ?? yaml,
      topics: tool?.constraints.topics ?? [],
      noDirectAnswers: tool?.constraints.no_direct_answers ?? false,
      subject: tool?.meta.subject ?? null,
      grades: tool?.meta.grades ?? [],
    },
  };
}
