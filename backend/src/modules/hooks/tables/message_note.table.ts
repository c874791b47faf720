import type { Extraction } from '@raptscallions/zod-schemas/hook.zod';
import { noteSeverity } from '@raptscallions/zod-schemas/hook.zod';
import { BaseTable, sql, tenantWall } from '../../../db/base_table';
import { ChatSessionTable } from '../../chat/tables/chat_session.table';
import { RunTable } from '../../runs/tables/run.table';

/**
 * What a module noted about a message, a session or a form, for the teachers of its class. A row of its own,
 * since whoever receives a message receives all of it: a pupil's browser never holds these.
 */
export class MessageNoteTable extends BaseTable {
  readonly table = 'message_notes';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      /** made of what it is about, so that a task that comes twice leaves one */
      messageNoteId: t.richId('note'),
      chatSessionId: t.richId('chat').nullable(),
      /** of a form, which has no session: the run it was sent with */
      runId: t.richId('run').nullable(),
      /** null: about the session or the form as a whole */
      messageId: t.richId('message').nullable(),
      /** whose session or form it is */
      userId: t.richId('user'),
      classId: t.richId('class').nullable(),
      module: t.string(60),
      kind: t.string(60),
      severity: t.zodEnum('note_severity', noteSeverity).default('info'),
      label: t.string(300),
      data: t.json<Extraction['data']>().default({}),
      /** a teacher has seen it and taken it on; the audit log says so too */
      acknowledgedAt: t.timestampNumber().nullable(),
      acknowledgedByUserId: t.richId('user').nullable(),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'messageNoteId']),
      t.index(['tenantId', 'chatSessionId']),
      t.index(['tenantId', 'runId']),
      t.check(sql`(chat_session_id is null) <> (run_id is null)`),
      t.foreignKey(['tenantId', 'chatSessionId'], () => ChatSessionTable, ['tenantId', 'chatSessionId']),
      t.foreignKey(['tenantId', 'runId'], () => RunTable, ['tenantId', 'runId'], { onDelete: 'CASCADE' }),
    ],
  );
  rls = tenantWall('message_notes');
}
