import { abilityFor, may } from '@raptscallions/policies/ability';
import type { ChatSessionId } from '@raptscallions/zod-schemas/chat.zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';

export const noSuchChat = 'This chat does not exist, or it is not yours.';

/**
 * The actor's own session, locked until the transaction ends, so that places in it are given out one by one.
 * @throws AppError NOT_FOUND for a missing session or somebody else's
 */
export async function lockOwnSession({ db, tenantId, actor }: TenantContext, chatSessionId: ChatSessionId) {
  const session = await db.chatSessions.findByOptional(stored({ tenantId, chatSessionId })).forUpdate();
  if (!session || session.userId !== actor.userId) throw new AppError('NOT_FOUND', noSuchChat);
  return session;
}

/**
 * A session the actor may pause and end: their own, or one of a class they teach. Locked.
 * @throws AppError NOT_FOUND for any other
 */
export async function lockSession({ db, tenantId, actor }: TenantContext, chatSessionId: ChatSessionId) {
  const session = await db.chatSessions.findByOptional(stored({ tenantId, chatSessionId })).forUpdate();
  if (!session || !may(abilityFor(actor), 'update', 'ChatSession', session)) {
    throw new AppError('NOT_FOUND', noSuchChat);
  }
  return session;
}
