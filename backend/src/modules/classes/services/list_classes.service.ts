import { classId, type ListClassesInputZod } from '@raptscallions/zod-schemas/class.zod';
import { groupId } from '@raptscallions/zod-schemas/group.zod';
import { z } from 'zod';
import { stored, storedId, storedIds } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { ReadContext } from '../../../procedures/context';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  groupId: groupId.optional(),
  after: z.tuple([z.string(), classId]).optional(),
});

/** The classes the actor may see, by name; a page and the cursor of the next one. */
export async function listClasses(ctx: ReadContext, input: z.output<typeof ListClassesInputZod>) {
  const { dbRO, tenantId, actor } = ctx;
  const { limit, groupId, after } = decodeListCursor(PlaceZod, input);
  let query = dbRO.classes
    .where(stored({ tenantId }))
    .where({
      OR: [
        { groupId: { in: storedIds(actor.staffGroupIds) } },
        { classId: { in: storedIds(actor.classRoles.map((role) => role.classId)) } },
      ],
    })
    .select('classId', 'groupId', 'name', 'subject', 'createdAt', 'updatedAt')
    .order({ name: 'ASC', classId: 'ASC' })
    .limit(limit + 1);
  if (groupId) query = query.where({ groupId: storedId(groupId) });
  if (after) {
    const [name, classId] = after;
    query = query.where({ OR: [{ name: { gt: name } }, { name, classId: { gt: storedId(classId) } }] });
  }
  const rows = await query;
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    __type: 'ClassList' as const,
    items,
    cursor:
      rows.length > limit && last
        ? encodeListCursor({ limit, groupId, after: [last.name, last.classId] })
        : null,
  };
}
