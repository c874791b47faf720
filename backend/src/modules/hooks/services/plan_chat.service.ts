import type { HookAbout } from '@raptscallions/module-sdk/hook_context';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { parseToolOnce } from '../../tools/parse_tool_once';
import { mergeSettings, type PlacedSetting, type PlannedModule } from '../merge_settings';
import { chainOf, settingsOf } from '../settings_sql';

export type ChatPlan = {
  /** the text of the tool */
  yaml: string;
  planned: PlannedModule[];
  /** what modules may be told of the tool */
  tool: NonNullable<HookAbout['tool']>;
  /** the models its groups allow, one list for each group that has one, the most particular first */
  modelLists: string[][];
};

/** $1 tenant, $2 class or null, $3 tool version. */
export const planBody = `
  with recursive place as materialized (
    select v.tool_id, coalesce(c.group_id, v.group_id) as group_id, $2::uuid as class_id, t.yaml
    from tool_versions v
    join tool_sources t on t.tenant_id = v.tenant_id and t.tool_version_id = v.tool_version_id
    left join classes c on c.tenant_id = v.tenant_id and c.class_id = $2::uuid
    where v.tenant_id = $1::uuid and v.tool_version_id = $3::uuid
  ), chain as (${chainOf('place')})
  select place.yaml,
    (select coalesce(jsonb_agg(to_jsonb(s)), '[]') from (${settingsOf('place', 'chain')}) s) as settings,
    (select coalesce(jsonb_agg(g.settings->'enabledModels' order by chain.up), '[]')
      from chain join groups g on g.tenant_id = $1::uuid and g.group_id = chain.group_id
      where g.deleted_at is null and jsonb_typeof(g.settings->'enabledModels') = 'array') as model_lists
  from place`;
const planSql = prepareSql('plan_chat', planBody);

export type PlanRow = { yaml: string; settings: PlacedSetting[]; model_lists: string[][] };

/** What counts where this tool version is used: in a class, or in a trial without one. One statement. */
export async function planChat(
  db: Db,
  of: { tenantId: TenantId; classId: ClassId | null; toolVersionId: RichId<'toolversion'> },
): Promise<ChatPlan> {
  const { tenantId, classId, toolVersionId } = of;
  const [row] = await runSql<PlanRow>(db, planSql, [
    storedId(tenantId),
    classId && storedId(classId),
    storedId(toolVersionId),
  ]);
  if (!row) throw new Error('a tool version without a text');
  return toPlan(row);
}

export function toPlan({ yaml, settings, model_lists: modelLists }: PlanRow): ChatPlan {
  const parsed = parseToolOnce(yaml);
  const tool = parsed.ok ? parsed.tool : undefined;
  return {
    yaml,
    modelLists,
    planned: mergeSettings(settings, tool?.modules ?? []),
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
