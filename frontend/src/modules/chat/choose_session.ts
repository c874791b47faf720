import type { ChatSession, ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';

/**
 * The session a page goes on with: the one that was chosen on the page, else the newest that is still open,
 * else the newest that is finished, so that it can be read. Null: a new one begins with the next message.
 * @param sessions newest first
 */
export function chooseSession(
  sessions: readonly ChatSession[],
  chosen: ChatSessionId | 'new' | null,
): ChatSession | null {
  if (chosen === 'new') return null;
  if (chosen !== null) return sessions.find((session) => session.chatSessionId === chosen) ?? null;
  return sessions.find((session) => session.status !== 'completed') ?? sessions[0] ?? null;
}
