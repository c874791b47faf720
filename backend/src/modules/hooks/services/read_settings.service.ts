import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import type { PlacedSetting } from '../merge_settings';
import { chainOf, settingsOf } from '../settings_sql';

/** $1 tenant, $2 group or null, $3 class or null, $4 tool or null. */
const settingsSql = `
  with recursive place as (select $2::uuid as group_id, $3::uuid as class_id, $4::uuid as tool_id),
  chain as (${chainOf('place')})
  ${settingsOf('place', 'chain')}`;

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
