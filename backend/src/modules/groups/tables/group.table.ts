import { type Group, groupKind } from '@raptscallions/zod-schemas/group.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';

export class GroupTable extends BaseTable {
  readonly table = 'groups';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      groupId: t.richId('group'),
      parentGroupId: t.richId('group').nullable(),
      name: t.string(100),
      kind: t.zodEnum('group_kind', groupKind),
      path: t.ltree(),
      settings: t.json<Group['settings']>().default({}),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'groupId']),
      t.index([{ column: 'path' }], { using: 'gist' }),
      t.unique(['tenantId', 'parentGroupId', 'name'], {
        where: 'deleted_at is null',
        nullsNotDistinct: true,
      }),
      t.foreignKey(['tenantId', 'parentGroupId'], () => GroupTable, ['tenantId', 'groupId']),
    ],
  );
  rls = tenantWall('groups');
}
