import {
  type ListNotificationsInputZod,
  type NotificationListZod,
  notificationId,
  notificationStatus,
} from '@raptscallions/zod-schemas/notification.zod';
import { z } from 'zod';
import { stored, storedId, storedIds } from '../../../db/stored_id';
import { decodeListCursor, encodeListCursor } from '../../../lib/list_cursor';
import type { ReadContext } from '../../../procedures/context';

const PlaceZod = z.object({
  limit: z.int().min(1).max(100),
  status: notificationStatus.optional(),
  after: notificationId.optional(),
});

/** What people of the groups the actor administers were told, or would be; the newest first. */
export async function listNotifications(
  { dbRO, tenantId, actor }: ReadContext,
  input: z.output<typeof ListNotificationsInputZod>,
): Promise<z.output<typeof NotificationListZod>> {
  const { limit, status, after } = decodeListCursor(PlaceZod, input);
  const ofGroups = dbRO.groupMembers
    .where(stored({ tenantId }))
    .where({ groupId: { in: storedIds(actor.adminGroupIds) } });
  const people = await ofGroups.pluck('userId');
  // Ids rise with time, so they are the order and the place in one.
  let query = dbRO.notifications
    .where(stored({ tenantId }))
    .where({ userId: { in: storedIds(people) } })
    .order({ notificationId: 'DESC' })
    .limit(limit + 1);
  if (status) query = query.where({ status });
  if (after) query = query.where({ notificationId: { lt: storedId(after) } });
  const rows = await query;
  const shown = rows.slice(0, limit);
  const names = await dbRO.users
    .includeDeleted()
    .where({ ...stored({ tenantId }), userId: { in: storedIds(shown.map(({ userId }) => userId)) } })
    .select('userId', 'name');
  const nameOf = new Map(names.map(({ userId, name }) => [userId, name]));
  const last = shown.at(-1);
  return {
    __type: 'NotificationList',
    items: shown.map(({ notificationId, userId, workflow, data, status, failure, sentAt, createdAt }) => ({
      __type: 'Notification',
      notificationId,
      person: nameOf.get(userId) ?? '',
      workflow,
      data,
      status,
      failure,
      sentAt,
      createdAt,
    })),
    cursor:
      rows.length > limit && last ? encodeListCursor({ limit, status, after: last.notificationId }) : null,
  };
}
