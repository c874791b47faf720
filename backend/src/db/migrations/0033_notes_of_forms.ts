import { change } from '../db_script';

/** Notes of forms, and words longer than they may be, have no place in the older shape. */
const down = `
  delete from message_notes where chat_session_id is null;
  update runs set error_message = left(error_message, 500) where length(error_message) > 500;
`;

change(async (db, up) => {
  if (!up) await db.adapter.query(down);
  await db.changeTable('message_notes', (t) => ({
    runId: t.add(t.uuid().nullable()),
    chatSessionId: t.change(t.uuid(), t.uuid().nullable()),
    ...t.add(t.index(['tenantId', 'runId'])),
    ...t.add(t.check(t.sql`(chat_session_id is null) <> (run_id is null)`, 'message_notes_check')),
    ...t.add(
      t.foreignKey(
        ['tenantId', 'runId'],
        'runs',
        ['tenantId', 'runId'],
        {
          onDelete: 'CASCADE',
        },
      ),
    ),
  }));

  await db.changeTable('runs', (t) => ({
    errorMessage: t.change(t.varchar(500).nullable(), t.string(1000).nullable()),
  }));
});
