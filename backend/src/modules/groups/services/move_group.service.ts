import type { GroupMoveInputZod } from '@raptscallions/zod-schemas/group.zod';
import { liesIn } from '@raptscallions/zod-schemas/group_path';
import type { z } from 'zod';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';
import { groupMoved } from '../groups.event';
import { assertNameIsFree, lockTree, withGroupById } from './with_group.service';

/** The label of the moved group stays the last of its own path, so everything below keeps its tail. */
const moveSql = `
  update groups set path = $4::ltree || subpath(path, nlevel($3::ltree) - 1),
    parent_group_id = case when group_id = $2 then $5::uuid else parent_group_id end
  where tenant_id = $1 and path <@ $3::ltree`;

/**
 * Hangs a group, with everything below it, under another one. The actor looks after both, and after the one it
 * hung under before: nobody takes a group out of somebody else's hands.
 * @throws AppError NOT_FOUND, CONFLICT for a place inside of itself or a name that is taken there
 */
export async function moveGroup(
  ctx: CommandContext,
  { groupId, parentGroupId }: z.output<typeof GroupMoveInputZod>,
): Promise<void> {
  const { db, tenantId } = ctx;
  await lockTree(ctx);
  const found = await withGroupById(ctx, groupId);
  const parent = await withGroupById(ctx, parentGroupId);
  if (!found.parentGroupId) throw new AppError('CONFLICT', 'The topmost group cannot be moved.');
  await withGroupById(ctx, found.parentGroupId);
  if (found.deletedAt || parent.deletedAt) throw new AppError('CONFLICT', 'One of the groups is archived.');
  if (found.parentGroupId === parentGroupId) return;
  if (liesIn(parent.path, found.path)) {
    throw new AppError('CONFLICT', `${found.name} cannot lie inside of itself.`);
  }
  await assertNameIsFree(ctx, { parentGroupId, name: found.name });
  const ids = [storedId(tenantId), storedId(groupId)];
  await runSql(db, moveSql, [...ids, found.path, parent.path, storedId(parentGroupId)]);
  await ctx.app.publish(groupMoved, { ...eventOf(ctx, 'GroupMoved', groupId), parentGroupId });
}
