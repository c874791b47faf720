import type { ChatSession, Run } from '@raptscallions/zod-schemas/chat.zod';

/** Nothing written for so long: whoever it was is probably elsewhere. */
export const idleAfterMs = 10 * 60_000;

export type SessionState = 'failed' | 'writing' | 'active' | 'paused' | 'idle' | 'completed';

/**
 * What a teacher needs to know of a session at a glance. `failed`: its last question has no answer, and
 * nothing will happen until somebody tries again. `now` in epoch ms.
 */
export function describeSession(session: ChatSession, lastRun: Run | null, now: number): SessionState {
  if (lastRun?.status === 'failed' && session.status !== 'completed') return 'failed';
  if (session.status === 'completed') return 'completed';
  if (session.status === 'paused') return 'paused';
  if (lastRun?.status === 'pending' || lastRun?.status === 'processing') return 'writing';
  return now - (session.lastMessageAt ?? session.createdAt) > idleAfterMs ? 'idle' : 'active';
}

/** By need: who waits in vain comes first, then whoever wrote last. */
export function compareByNeed(
  a: { state: SessionState; session: ChatSession },
  b: { state: SessionState; session: ChatSession },
): number {
  const need = Number(b.state === 'failed') - Number(a.state === 'failed');
  if (need !== 0) return need;
  return (
    lastActivity(b.session) - lastActivity(a.session) ||
    (a.session.chatSessionId < b.session.chatSessionId ? 1 : -1)
  );
}

function lastActivity(session: ChatSession): number {
  return session.lastMessageAt ?? session.createdAt;
}
