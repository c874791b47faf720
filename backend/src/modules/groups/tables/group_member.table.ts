import { groupRole } from '@raptscallions/zod-schemas/group.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { UserTable } from '../../users/tables/user.table';
import { GroupTable } from './group.table';

export class GroupMemberTable extends BaseTable {
  readonly table = 'group_members';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      groupMemberId: t.richId('groupmember'),
      groupId: t.richId('group'),
      userId: t.richId('user'),
      role: t.zodEnum('group_role', groupRole),
      /** the source whose feed made it and may end it; null: made by hand. Without a foreign key: a million checks for one row. */
      rosterSourceId: t.richId('rostersource').nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'groupMemberId']),
      t.unique(['tenantId', 'groupId', 'userId']),
      t.index(['tenantId', 'userId']),
      t.foreignKey(['tenantId', 'groupId'], () => GroupTable, ['tenantId', 'groupId']),
      t.foreignKey(['tenantId', 'userId'], () => UserTable, ['tenantId', 'userId']),
    ],
  );
  rls = tenantWall('group_members');
}
