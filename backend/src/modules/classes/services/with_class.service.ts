import { type Action, abilityFor, may } from '@raptscallions/policies/ability';
import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';

/**
 * Loads a class and checks the right to do `action` with it.
 * @throws AppError NOT_FOUND when it is missing or the actor may not even see it, FORBIDDEN when only the action
 * is not allowed
 */
export async function withClassById(ctx: TenantContext, classId: ClassId, action: Action) {
  const { db, tenantId, actor } = ctx;
  const found = await db.classes.includeDeleted().findByOptional(stored({ tenantId, classId }));
  const ability = abilityFor(actor);
  if (!found || !(may(ability, 'read', 'Class', found) || may(ability, 'manage', 'Class', found))) {
    throw new AppError('NOT_FOUND', 'This class does not exist, or you cannot see it.');
  }
  if (!may(ability, action, 'Class', found))
    throw new AppError('FORBIDDEN', 'Only an administrator may change this class.');
  return found;
}
