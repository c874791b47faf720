import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import type { MessageNote } from '@raptscallions/zod-schemas/hook.zod';
import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { LocalDb } from '../../local_db/local_db';

/** What modules noted about a form; only its teachers hold any. */
export function readFormNotes(db: LocalDb, runId: RichId<'run'>): Promise<MessageNote[]> {
  return db.messageNotes.where('runId').equals(runId).sortBy('createdAt');
}

/** What modules noted in a session, by the message it is about; only its teachers hold any. */
export async function readNotes(
  db: LocalDb,
  chatSessionId: ChatSessionId,
): Promise<Map<string, MessageNote[]>> {
  const notes = await db.messageNotes.where('chatSessionId').equals(chatSessionId).sortBy('createdAt');
  const byMessage = new Map<string, MessageNote[]>();
  for (const note of notes) {
    if (note.messageId) byMessage.set(note.messageId, [...(byMessage.get(note.messageId) ?? []), note]);
  }
  return byMessage;
}
