import { chatSessionStatus } from '@raptscallions/zod-schemas/chat.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { AssignmentTable } from '../../assignments/tables/assignment.table';
import { ClassTable } from '../../classes/tables/class.table';
import { ToolVersionTable } from '../../tools/tables/tool_version.table';
import { UserTable } from '../../users/tables/user.table';

export class ChatSessionTable extends BaseTable {
  readonly table = 'chat_sessions';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      chatSessionId: t.richId('chat'),
      userId: t.richId('user'),
      toolId: t.richId('tool'),
      toolVersionId: t.richId('toolversion'),
      assignmentId: t.richId('assignment').nullable(),
      classId: t.richId('class').nullable(),
      status: t.zodEnum('chat_session_status', chatSessionStatus).default('active'),
      messageCount: t.integer().default(0),
      /** the highest place given out; answers have theirs before they exist */
      lastSeq: t.integer().default(0),
      lastMessageAt: t.timestampNumber().nullable(),
      pausedByUserId: t.richId('user').nullable(),
      completedAt: t.timestampNumber().nullable(),
      hiddenAt: t.timestampNumber().nullable(),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'chatSessionId']),
      t.index(['tenantId', 'userId']),
      t.index(['tenantId', 'classId']),
      t.foreignKey(['tenantId', 'userId'], () => UserTable, ['tenantId', 'userId']),
      t.foreignKey(['tenantId', 'toolVersionId'], () => ToolVersionTable, ['tenantId', 'toolVersionId']),
      t.foreignKey(['tenantId', 'assignmentId'], () => AssignmentTable, ['tenantId', 'assignmentId']),
      t.foreignKey(['tenantId', 'classId'], () => ClassTable, ['tenantId', 'classId']),
    ],
  );
  rls = tenantWall('chat_sessions');
}
