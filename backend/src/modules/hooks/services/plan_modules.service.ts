import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { idFromUuid, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { mergeSettings, type PlacedSetting, type PlannedModule } from '../merge_settings';

/** $1 tenant, $2 group or null, $3 class or null, $4 tool or null: the settings that count there. */
const settingsSql = `
  with recursive chain as (
    select g.group_id, g.parent_group_id, 0 as up from groups g where g.tenant_id = $1 and g.group_id = $2
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
    and (s.class_id is null or s.class_id = $3) and (s.tool_id is null or s.tool_id = $4)`;

/** $1 tenant, $2 class or null, $3 tool version: whose settings count for a chat. */
const placeSql = `
  select v.tool_id, coalesce(c.group_id, v.group_id) as group_id
  from tool_versions v left join classes c on c.tenant_id = v.tenant_id and c.class_id = $2
  where v.tenant_id = $1 and v.tool_version_id = $3`;

/** The settings that count in a place, those of the groups above it included. */
export async function readSettings(
  db: Db,
  of: {
    tenantId: TenantId;
    /** the group it lies in */
    ofGroupId: RichId<'group'> | null;
    classId: ClassId | null;
    toolId: RichId<'tool'> | null;
  },
): Promise<PlacedSetting[]> {
  const { tenantId, ofGroupId, classId, toolId } = of;
  const ids = [ofGroupId, classId, toolId].map((id) => id && storedId(id));
  return await runSql<PlacedSetting>(db, settingsSql, [storedId(tenantId), ...ids]);
}

/**
 * The modules that read along in a class with a tool (or in a trial, without a class).
 * @param of `named`: the modules the tool's YAML asks for
 */
export async function planModules(
  db: Db,
  of: { tenantId: TenantId; classId: ClassId | null; toolVersionId: RichId<'toolversion'>; named: string[] },
): Promise<PlannedModule[]> {
  const { tenantId, classId, toolVersionId, named } = of;
  const [place] = await runSql<{ tool_id: string; group_id: string | null }>(db, placeSql, [
    storedId(tenantId),
    classId && storedId(classId),
    storedId(toolVersionId),
  ]);
  if (!place) return mergeSettings([], named);
  const settings = await readSettings(db, {
    tenantId,
    ofGroupId: place.group_id === null ? null : idFromUuid('group', place.group_id),
    classId,
    toolId: idFromUuid('tool', place.tool_id),
  });
  return mergeSettings(settings, named);
}
