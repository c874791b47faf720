import type { ClassArchiveInputZod } from '@raptscallions/zod-schemas/class.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { eventOf } from '../../../events/domain_event';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { classArchived } from '../classes.event';
import { withClassById } from './with_class.service';

/**
 * Puts a class away for everybody, or brings it back. Its sessions and members stay as they are.
 * @throws AppError NOT_FOUND, FORBIDDEN, or CONFLICT when its name has been taken meanwhile
 */
export async function archiveClass(
  ctx: TenantContext,
  input: z.output<typeof ClassArchiveInputZod>,
): Promise<void> {
  const { db, tenantId } = ctx;
  const found = await withClassById(ctx, input.classId, 'delete');
  if (!input.archived) {
    const twin = await db.classes
      .where({ ...stored({ tenantId, groupId: found.groupId }), name: found.name })
      .exists();
    if (twin && found.deletedAt)
      throw new AppError('CONFLICT', `There is another class called “${found.name}” now.`);
  }
  await db.classes
    .includeDeleted()
    .findBy(stored({ tenantId, classId: input.classId }))
    .update({ deletedAt: input.archived ? Date.now() : null });
  const { archived } = input;
  await ctx.app.publish(classArchived, { ...eventOf(ctx, 'ClassArchived', input.classId), archived });
}
