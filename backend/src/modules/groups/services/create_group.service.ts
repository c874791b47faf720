import type { GroupCreateInputZod } from '@raptscallions/zod-schemas/group.zod';
import { groupPath } from '@raptscallions/zod-schemas/group_path';
import type { z } from 'zod';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';
import { groupCreated } from '../groups.event';
import { assertNameIsFree, lockTree, withGroupById } from './with_group.service';

/**
 * Makes a group below another.
 * @throws AppError NOT_FOUND for a parent the actor does not look after, CONFLICT when it is archived or the name is taken
 */
export async function createGroup(
  ctx: CommandContext,
  input: z.output<typeof GroupCreateInputZod>,
): Promise<void> {
  const { db, tenantId } = ctx;
  const { groupId, parentGroupId, name, kind } = input;
  await lockTree(ctx);
  const parent = await withGroupById(ctx, parentGroupId);
  if (parent.deletedAt) throw new AppError('CONFLICT', `${parent.name} is archived. Bring it back first.`);
  await assertNameIsFree(ctx, input);
  await db.groups.create({
    tenantId,
    groupId,
    parentGroupId,
    name,
    kind,
    path: groupPath(parent.path, groupId),
  });
  await ctx.app.publish(groupCreated, {
    ...eventOf(ctx, 'GroupCreated', groupId),
    parentGroupId,
    name,
    kind,
  });
}
