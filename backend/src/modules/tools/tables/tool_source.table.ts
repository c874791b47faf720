import { BaseTable, tenantWall } from '../../../db/base_table';
import { ToolVersionTable } from './tool_version.table';

export class ToolSourceTable extends BaseTable {
  readonly table = 'tool_sources';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      toolVersionId: t.richId('toolversion'),
      toolId: t.richId('tool'),
      groupId: t.richId('group').nullable(),
      ownerUserId: t.richId('user').nullable(),
      yaml: t.text(),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'toolVersionId']),
      t.foreignKey(['tenantId', 'toolVersionId'], () => ToolVersionTable, ['tenantId', 'toolVersionId']),
    ],
  );
  rls = tenantWall('tool_sources');
}
