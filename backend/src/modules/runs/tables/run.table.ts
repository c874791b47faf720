import { runKind, runNotice, runStatus } from '@raptscallions/zod-schemas/chat.zod';
import { BaseTable, tenantWall } from '../../../db/base_table';
import { currentTraceparent } from '../../../lib/trace_context';
import { ChatSessionTable } from '../../chat/tables/chat_session.table';

/** Characters of what a person reads in the place of an answer; a school's own reply may be so long. */
export const longestErrorMessage = 1_000;

export class RunTable extends BaseTable {
  readonly table = 'runs';
  readonly softDelete = true;

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      runId: t.richId('run'),
      kind: t.zodEnum('run_kind', runKind).default('chat'),
      chatSessionId: t.richId('chat').nullable(),
      messageId: t.richId('message').nullable(),
      answerMessageId: t.richId('message').nullable(),
      answerSeq: t.integer().nullable(),
      userId: t.richId('user'),
      classId: t.richId('class').nullable(),
      toolVersionId: t.richId('toolversion'),
      status: t.zodEnum('run_status', runStatus).default('pending'),
      /** rises with every worker that takes the run; a result of a lower attempt changes nothing */
      attempt: t.integer().default(0),
      continues: t.boolean().default(false),
      notice: t.zodEnum('run_notice', runNotice).nullable(),
      provider: t.string(20).nullable(),
      model: t.string(200).nullable(),
      promptTokens: t.integer().nullable(),
      completionTokens: t.integer().nullable(),
      /** the trace the question came in, for whichever worker answers it */
      traceparent: t.text().nullable().setOnCreate(currentTraceparent),
      errorCode: t.string(50).nullable(),
      errorMessage: t.string(longestErrorMessage).nullable(),
      startedAt: t.timestampNumber().nullable(),
      firstTextAt: t.timestampNumber().nullable(),
      finishedAt: t.timestampNumber().nullable(),
      deletedAt: t.timestampNumber().nullable(),
      rev: t.rev(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'runId']),
      t.index(['tenantId', 'chatSessionId', 'answerSeq']),
      t.index(['tenantId', 'userId']),
      t.index(['tenantId', 'createdAt']),
      // Turns are given out over the waiting ones of all schools.
      t.index(['createdAt'], { name: 'runs_pending_idx', where: "status = 'pending'" }),
      t.foreignKey(['tenantId', 'chatSessionId'], () => ChatSessionTable, ['tenantId', 'chatSessionId']),
    ],
  );
  rls = tenantWall('runs');
}
