import { BaseTable, tenantWall } from '../../../db/base_table';
import { ClassTable } from '../../classes/tables/class.table';
import { GroupTable } from '../../groups/tables/group.table';
import { ToolTable } from '../../tools/tables/tool.table';

/**
 * A module as it is set in one place: the whole school (no place named), a group, a class or a tool. What is more
 * particular wins, field by field; see `merge_settings.ts`. Never synced.
 */
export class ModuleSettingTable extends BaseTable {
  readonly table = 'module_settings';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      moduleSettingId: t.richId('modulesetting'),
      module: t.string(60),
      groupId: t.richId('group').nullable(),
      classId: t.richId('class').nullable(),
      toolId: t.richId('tool').nullable(),
      /** null: as the place above has it */
      enabled: t.boolean().nullable(),
      /** what differs from the places above */
      config: t.json<Record<string, unknown>>().default({}),
      /** nothing below may change it */
      locked: t.boolean().default(false),
      updatedByUserId: t.richId('user').nullable(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'moduleSettingId']),
      t.unique(['tenantId', 'module', 'groupId', 'classId', 'toolId'], { nullsNotDistinct: true }),
      t.foreignKey(['tenantId', 'groupId'], () => GroupTable, ['tenantId', 'groupId']),
      t.foreignKey(['tenantId', 'classId'], () => ClassTable, ['tenantId', 'classId']),
      t.foreignKey(['tenantId', 'toolId'], () => ToolTable, ['tenantId', 'toolId']),
    ],
  );
  rls = tenantWall('module_settings');
}
