import { abilityFor, may } from '@raptscallions/policies/ability';
import type { ClassCreateInputZod } from '@raptscallions/zod-schemas/class.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { classCreated } from '../classes.event';

/**
 * Makes a class in a group.
 * @throws AppError FORBIDDEN, or CONFLICT when the group has a class of this name
 */
export async function createClass(
  ctx: TenantContext,
  input: z.output<typeof ClassCreateInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  if (!may(abilityFor(actor), 'create', 'Class', input)) {
    throw new AppError('FORBIDDEN', 'Only an administrator of this school may add classes.');
  }
  const twin = await db.classes
    .where({ ...stored({ tenantId, groupId: input.groupId }), name: input.name })
    .exists();
  if (twin) throw new AppError('CONFLICT', `There is a class called “${input.name}” already.`);
  await db.classes.create({ tenantId, ...input });
  const { groupId, name } = input;
  await ctx.app.publish(classCreated, { ...eventOf(ctx, 'ClassCreated', input.classId), groupId, name });
}
