import { classRole } from '@raptscallions/zod-schemas/class.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { UserTable } from '../../users/tables/user.table';
import { ClassTable } from './class.table';

export class ClassMemberTable extends BaseTable {
  readonly table = 'class_members';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      classMemberId: t.richId('classmember'),
      classId: t.richId('class'),
      userId: t.richId('user'),
      role: t.zodEnum('class_role', classRole),
      /** the source whose feed made it and may end it; null: made by hand. Without a foreign key: a million checks for one row. */
      rosterSourceId: t.richId('rostersource').nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'classMemberId']),
      t.unique(['tenantId', 'classId', 'userId']),
      t.index(['tenantId', 'userId']),
      t.foreignKey(['tenantId', 'classId'], () => ClassTable, ['tenantId', 'classId']),
      t.foreignKey(['tenantId', 'userId'], () => UserTable, ['tenantId', 'userId']),
    ],
  );
  rls = tenantWall('class_members');
}
