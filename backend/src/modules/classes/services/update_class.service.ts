import type { ClassUpdateInputZod } from '@raptscallions/zod-schemas/class.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { classUpdated } from '../classes.event';
import { withClassById } from './with_class.service';

/**
 * Renames a class or changes its subject.
 * @throws AppError NOT_FOUND, FORBIDDEN, or CONFLICT when the group has another class of this name
 */
export async function updateClass(
  ctx: TenantContext,
  input: z.output<typeof ClassUpdateInputZod>,
): Promise<void> {
  const { db, tenantId } = ctx;
  const { classId, ...changes } = input;
  const found = await withClassById(ctx, classId, 'update');
  if (changes.name !== undefined && changes.name !== found.name) {
    const twin = await db.classes
      .where({ ...stored({ tenantId, groupId: found.groupId }), name: changes.name })
      .exists();
    if (twin) throw new AppError('CONFLICT', `There is a class called “${changes.name}” already.`);
  }
  await db.classes.findBy(stored({ tenantId, classId })).update(changes);
  await ctx.app.publish(classUpdated, { ...eventOf(ctx, 'ClassUpdated', classId), ...changes });
}
