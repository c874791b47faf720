import type { GroupArchiveInputZod } from '@raptscallions/zod-schemas/group.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';
import { groupArchived } from '../groups.event';
import { assertNameIsFree, lockTree, withGroupById } from './with_group.service';

/**
 * Puts an empty group away, or brings it back. Its members keep their place for that day.
 * @throws AppError NOT_FOUND, CONFLICT while classes or groups are in it, or people who are nowhere else
 */
export async function archiveGroup(
  ctx: CommandContext,
  { groupId, archived }: z.output<typeof GroupArchiveInputZod>,
): Promise<void> {
  const { db, tenantId } = ctx;
  await lockTree(ctx);
  const found = await withGroupById(ctx, groupId);
  if ((found.deletedAt !== null) === archived) return;
  if (!found.parentGroupId) throw new AppError('CONFLICT', 'The topmost group cannot be archived.');
  if (archived) await assertEmpty(ctx, found);
  else await assertNameIsFree(ctx, found);
  await db.groups
    .includeDeleted()
    .where(stored({ tenantId, groupId }))
    .update({ deletedAt: archived ? Date.now() : null });
  await ctx.app.publish(groupArchived, { ...eventOf(ctx, 'GroupArchived', groupId), archived });
}

async function assertEmpty(
  { db, tenantId }: CommandContext,
  { groupId, name }: { groupId: `group-${string}`; name: string },
): Promise<void> {
  const below = await db.groups.where(stored({ tenantId, parentGroupId: groupId })).count();
  const classes = await db.classes.where(stored({ tenantId, groupId })).count();
  const members = await db.groupMembers.where(stored({ tenantId, groupId })).count();
  const left = [
    [below, 'group', 'groups'],
    [classes, 'class', 'classes'],
    [members, 'person', 'people'],
  ] as const;
  const words = left.flatMap(([count, one, many]) =>
    count > 0 ? [`${count} ${count === 1 ? one : many}`] : [],
  );
  if (words.length === 0) return;
  throw new AppError('CONFLICT', `${name} still holds ${words.join(', ')}. Move or archive them first.`);
}
