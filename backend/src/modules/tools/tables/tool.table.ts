import { toolKind } from '@raptscallions/zod-schemas/tool.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { GroupTable } from '../../groups/tables/group.table';
import { UserTable } from '../../users/tables/user.table';

export class ToolTable extends BaseTable {
  readonly table = 'tools';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      toolId: t.richId('tool'),
      groupId: t.richId('group').nullable(),
      ownerUserId: t.richId('user').nullable(),
      name: t.string(100),
      slug: t.string(100),
      kind: t.zodEnum('tool_kind', toolKind),
      publishedToolVersionId: t.richId('toolversion').nullable(),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'toolId']),
      t.index(['tenantId', 'groupId']),
      t.index(['tenantId', 'ownerUserId']),
      t.foreignKey(['tenantId', 'groupId'], () => GroupTable, ['tenantId', 'groupId']),
      t.foreignKey(['tenantId', 'ownerUserId'], () => UserTable, ['tenantId', 'userId']),
    ],
  );
  rls = tenantWall('tools', 'with_system');
}
