import { type Message, messageOutcome, messageRole } from '@raptscallions/zod-schemas/chat.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { ChatSessionTable } from './chat_session.table';

export class MessageTable extends BaseTable {
  readonly table = 'messages';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      messageId: t.richId('message'),
      chatSessionId: t.richId('chat'),
      userId: t.richId('user'),
      classId: t.richId('class').nullable(),
      runId: t.richId('run').nullable(),
      seq: t.integer(),
      role: t.zodEnum('message_role', messageRole),
      text: t.text(),
      outcome: t.zodEnum('message_outcome', messageOutcome).default('complete'),
      meta: t.json<Message['meta']>().default({}),
      replacedAt: t.timestampNumber().nullable(),
      /** false until the hooks before the AI have passed it: only its author sees it */
      shownToStaff: t.boolean().default(false),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'messageId']),
      t.unique(['tenantId', 'chatSessionId', 'seq']),
      t.foreignKey(['tenantId', 'chatSessionId'], () => ChatSessionTable, ['tenantId', 'chatSessionId']),
    ],
  );
  rls = tenantWall('messages');
}
