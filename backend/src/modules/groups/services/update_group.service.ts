import type { GroupUpdateInputZod } from '@raptscallions/zod-schemas/group.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';
import { groupUpdated } from '../groups.event';
import { assertNameIsFree, withGroupById } from './with_group.service';

/**
 * Changes name, kind, looks, or how long chats are kept.
 * @throws AppError NOT_FOUND, CONFLICT when it is archived or the name is taken
 */
export async function updateGroup(
  ctx: CommandContext,
  input: z.output<typeof GroupUpdateInputZod>,
): Promise<void> {
  const { db, tenantId } = ctx;
  const { groupId, theme, retentionDays, ...changes } = input;
  const found = await withGroupById(ctx, groupId);
  if (found.deletedAt) throw new AppError('CONFLICT', `${found.name} is archived. Bring it back first.`);
  if (changes.name !== undefined && changes.name !== found.name) {
    await assertNameIsFree(ctx, { parentGroupId: found.parentGroupId, name: changes.name });
  }
  const settings = { ...found.settings };
  if (theme !== undefined) settings.theme = theme ?? undefined;
  if (retentionDays !== undefined) settings.retentionDays = retentionDays ?? undefined;
  await db.groups.where(stored({ tenantId, groupId })).update({ ...changes, settings });
  await ctx.app.publish(groupUpdated, {
    ...eventOf(ctx, 'GroupUpdated', groupId),
    ...changes,
    retentionDays,
    themed: theme !== undefined,
  });
}
