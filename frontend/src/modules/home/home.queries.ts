import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { plainLine } from '../../components/plain_line';
import type { LocalDb } from '../../local_db/local_db';

/** The pupil's own chats, the newest first, without those put away. */
export async function readRecentChats(db: LocalDb, userId: UserId, limit: number) {
  const sessions = await db.chatSessions.where('userId').equals(userId).toArray();
  const shown = sessions
    .filter((session) => session.hiddenAt === null && session.lastMessageAt !== null)
    .sort((a, b) => (b.lastMessageAt ?? 0) - (a.lastMessageAt ?? 0))
    .slice(0, limit);
  return Promise.all(
    shown.map(async (session) => {
      const [assignment, version, last] = await Promise.all([
        session.assignmentId ? db.assignments.get(session.assignmentId) : undefined,
        db.toolVersions.get(session.toolVersionId),
        db.messages
          .where('chatSessionId')
          .equals(session.chatSessionId)
          .filter((message) => message.text !== '')
          .sortBy('seq')
          .then((messages) => messages.at(-1)),
      ]);
      return {
        session,
        title: assignment?.title ?? version?.name ?? 'Chat',
        toolName: version?.name ?? '',
        lastText: plainLine(last?.text ?? ''),
        lastByPupil: last?.role === 'user',
      };
    }),
  );
}
