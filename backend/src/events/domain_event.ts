import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import { tenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { userId } from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';
import type { TenantContext } from '../procedures/context';

/** What every event of a feature says beside its `__type` and the `entityId` of the thing it happened to. */
export const DomainEventZod = z.object({
  tenantId,
  /** who did it; `commandLineUserId` for the command line, which is nobody among the users */
  actorUserId: userId,
  /** when, in milliseconds since 1970, by the clock of the process; the order is the queue's */
  timestamp: z.int(),
});

/** The head of an event that a service announces with `app.publish`, in the transaction in which it happens. */
export function eventOf<T extends string, E extends RichId>(
  { tenantId, actor }: Pick<TenantContext, 'tenantId' | 'actor'>,
  __type: T,
  entityId: E,
) {
  return { __type, tenantId, actorUserId: actor.userId, timestamp: Date.now(), entityId };
}
