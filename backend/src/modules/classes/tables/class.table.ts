import { BaseTable, tenantWall } from '../../../db/base_table';
import { GroupTable } from '../../groups/tables/group.table';

export class ClassTable extends BaseTable {
  readonly table = 'classes';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      classId: t.richId('class'),
      groupId: t.richId('group'),
      name: t.string(100),
      subject: t.string(100).nullable(),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'classId']),
      t.unique(['tenantId', 'groupId', 'name'], { where: 'deleted_at is null' }),
      t.foreignKey(['tenantId', 'groupId'], () => GroupTable, ['tenantId', 'groupId']),
    ],
  );
  rls = tenantWall('classes');
}
