import { abilityFor, may } from '@raptscallions/policies/ability';
import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { CommandReadContext } from '../../../procedures/context';

/** @throws AppError NOT_FOUND for a group the actor does not look after, or that is not there */
export function checkUsageRight(
  { actor }: Pick<CommandReadContext, 'actor'>,
  action: 'read' | 'update',
  groupId: GroupId,
): void {
  if (!may(abilityFor(actor), action, 'Usage', { groupId })) throw new AppError('NOT_FOUND');
}

/**
 * For what is the whole tenant's.
 * @throws AppError NOT_FOUND as above, FORBIDDEN for a group that is not at the top
 */
export async function checkTopRight(ctx: CommandReadContext, groupId: GroupId): Promise<void> {
  checkUsageRight(ctx, 'update', groupId);
  const { dbRO, tenantId } = ctx;
  const { parentGroupId } = await dbRO.groups.findBy(stored({ tenantId, groupId }));
  if (parentGroupId === null) return;
  throw new AppError('FORBIDDEN', 'Prices and the clock are set by whoever looks after the whole district.');
}
