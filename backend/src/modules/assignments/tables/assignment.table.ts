import { BaseTable, tenantWall } from '../../../db/base_table';
import { ClassTable } from '../../classes/tables/class.table';
import { ToolVersionTable } from '../../tools/tables/tool_version.table';
import { UserTable } from '../../users/tables/user.table';

export class AssignmentTable extends BaseTable {
  readonly table = 'assignments';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      assignmentId: t.richId('assignment'),
      classId: t.richId('class'),
      toolId: t.richId('tool'),
      toolVersionId: t.richId('toolversion'),
      title: t.string(200),
      instructions: t.text().nullable(),
      dueAt: t.timestampNumber().nullable(),
      assignedByUserId: t.richId('user').nullable(),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'assignmentId']),
      t.index(['tenantId', 'classId']),
      // A tool that changes its place looks for the classes it was given to.
      t.index(['tenantId', 'toolId']),
      t.index(['tenantId', 'toolVersionId']),
      t.foreignKey(['tenantId', 'classId'], () => ClassTable, ['tenantId', 'classId']),
      t.foreignKey(['tenantId', 'toolVersionId'], () => ToolVersionTable, ['tenantId', 'toolVersionId']),
      t.foreignKey(['tenantId', 'assignedByUserId'], () => UserTable, ['tenantId', 'userId']),
    ],
  );
  rls = tenantWall('assignments');
}
