import { BaseTable, tenantWall } from '../../../db/base_table';
import { ChatSessionTable } from './chat_session.table';

/** Who opened whose transcript, and when. An audit trail: rows are only added, and never synced. */
export class TranscriptViewTable extends BaseTable {
  readonly table = 'transcript_views';

  columns = this.setColumns(
    (t) => ({
      tenantId: t.richId('tenant'),
      transcriptViewId: t.richId('view'),
      chatSessionId: t.richId('chat'),
      viewerUserId: t.richId('user'),
      viewedAt: t.timestampNumber(),
      ...t.createdAndUpdated(),
    }),
    (t) => [
      t.primaryKey(['tenantId', 'transcriptViewId']),
      t.index(['tenantId', 'chatSessionId']),
      t.foreignKey(['tenantId', 'chatSessionId'], () => ChatSessionTable, ['tenantId', 'chatSessionId']),
    ],
  );
  rls = tenantWall('transcript_views');
}
