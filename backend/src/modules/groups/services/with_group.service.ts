import { abilityFor, may } from '@raptscallions/policies/ability';
import type { GroupId } from '@raptscallions/zod-schemas/group.zod';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';

/**
 * Loads a group the actor looks after, archived or not. Whoever does not look after it learns nothing of it.
 * @throws AppError NOT_FOUND
 */
export async function withGroupById(ctx: CommandContext, groupId: GroupId) {
  const { db, tenantId, actor } = ctx;
  const found = await db.groups.includeDeleted().findByOptional(stored({ tenantId, groupId }));
  // An archived group is in nobody's subtree any more; whoever looks after the one above may bring it back.
  const asked = found?.deletedAt ? found.parentGroupId : groupId;
  if (!found || !asked || !may(abilityFor(actor), 'manage', 'Group', { groupId: asked })) {
    throw new AppError('NOT_FOUND', 'This group does not exist, or you do not look after it.');
  }
  // Orchid takes a column of a type it does not know for one that may be null.
  return { ...found, path: String(found.path) };
}

/** @throws AppError CONFLICT when a group beside it has this name */
export async function assertNameIsFree(
  { db, tenantId }: CommandContext,
  { parentGroupId, name }: { parentGroupId: GroupId | null; name: string },
): Promise<void> {
  const beside = parentGroupId === null ? { parentGroupId: null } : stored({ parentGroupId });
  const taken = await db.groups.where({ ...stored({ tenantId }), ...beside, name }).exists();
  if (taken) throw new AppError('CONFLICT', `There is a group called “${name}” here already.`);
}

/**
 * Until the transaction ends nobody else changes the shape of this tenant's tree: a path is made of its
 * parent's, and two moves at once could put two groups below each other.
 */
export async function lockTree({ db, tenantId }: Pick<CommandContext, 'db' | 'tenantId'>): Promise<void> {
  await runSql(db, `select pg_advisory_xact_lock(hashtextextended('groups ' || $1, 0))`, [
    storedId(tenantId),
  ]);
}
