import type { Json } from '@raptscallions/module-sdk/hook_context';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { ModuleLevel } from '@raptscallions/zod-schemas/hook.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { mergeSettings, type PlannedModule } from '../merge_settings';

/** $1 tenant, $2 class or null, $3 tool version: the settings that count there. */
const settingsSql = `
  with recursive place as (
    select v.tool_id, coalesce(c.group_id, v.group_id) as group_id
    from tool_versions v left join classes c on c.tenant_id = v.tenant_id and c.class_id = $2
    where v.tenant_id = $1 and v.tool_version_id = $3
  ), chain as (
    select g.group_id, g.parent_group_id, 0 as up
    from place p join groups g on g.tenant_id = $1 and g.group_id = p.group_id
    union all
    select g.group_id, g.parent_group_id, c.up + 1
    from chain c join groups g on g.tenant_id = $1 and g.group_id = c.parent_group_id
    where c.up < 50
  )
  select s.module, s.enabled, s.config, s.locked, coalesce(50 - c.up, 0) as depth,
    case when s.tool_id is not null then 'tool' when s.class_id is not null then 'class'
      when s.group_id is not null then 'group' else 'global' end as level
  from module_settings s
  left join chain c on c.group_id = s.group_id
  where s.tenant_id = $1 and (s.group_id is null or c.group_id is not null)
    and (s.class_id is null or s.class_id = $2)
    and (s.tool_id is null or s.tool_id = (select tool_id from place))`;

type Row = {
  module: string;
  level: ModuleLevel;
  depth: number;
  enabled: boolean | null;
  config: Record<string, Json>;
  locked: boolean;
};

/**
 * The modules that read along in a class with a tool (or in a trial, without a class).
 * @param of `named`: the modules the tool's YAML asks for
 */
export async function planModules(
  db: Db,
  of: { tenantId: TenantId; classId: ClassId | null; toolVersionId: RichId<'toolversion'>; named: string[] },
): Promise<PlannedModule[]> {
  const rows = await runSql<Row>(db, settingsSql, [
    storedId(of.tenantId),
    of.classId && storedId(of.classId),
    storedId(of.toolVersionId),
  ]);
  return mergeSettings(rows, of.named);
}
