import type { ClassId } from '@raptscallions/zod-schemas/class.zod';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../db/db';
import { enterTenant } from '../../db/enter_tenant';
import { stored } from '../../db/stored_id';
import { onEvent } from '../../events/on_event';
import { onTask } from '../../events/on_task';
import type { Notifier } from '../../lib/suprsend';
import type { Enqueue } from '../../procedures/context';
import { assignmentCreated } from '../assignments/assignments.event';
import { classMemberAdded } from '../classes/classes.event';
import { usageNearLimitEvent } from '../usage/usage.event';
import { sendNotificationTask } from './notifications.event';
import { administratorsOf } from './services/administrators_of.service';
import { notify } from './services/notify.service';
import { sendNotification } from './services/send_notification.service';

type Tools = { db: Db; enqueue: Enqueue; notifier: Notifier | null };

const { queue } = sendNotificationTask;

export function onSendNotification(tools: Tools) {
  return onTask(sendNotificationTask, ({ input }) => sendNotification(tools, input));
}

/** Who hears of what. Only staff is ever told, never a pupil, and nobody of what they did themselves. */
export function onNotifiedEvents(tools: Tools) {
  const { db } = tools;
  const at = (event: { entityId: string; timestamp: number }) => `${event.entityId} ${event.timestamp}`;

  return [
    onEvent(assignmentCreated, { name: 'notify_of_assignment', queue }, ({ input }) =>
      enterTenant(db, input.tenantId, async () => {
        const { tenantId, classId, toolVersionId, actorUserId } = input;
        const teachers = await teachersOf(db, tenantId, classId);
        const [className, teacher, tool] = await Promise.all([
          db.classes.includeDeleted().findBy(stored({ tenantId, classId })).get('name'),
          db.users
            .includeDeleted()
            .findBy(stored({ tenantId, userId: actorUserId }))
            .get('name'),
          db.toolVersions.includeDeleted().findBy(stored({ tenantId, toolVersionId })).get('name'),
        ]);
        await notify(tools, {
          tenantId,
          userIds: teachers.filter((userId) => userId !== actorUserId),
          workflow: 'assignment-created',
          data: { className, teacher, tool },
          cause: `assignment.created ${at(input)}`,
        });
      }),
    ),
    onEvent(classMemberAdded, { name: 'notify_of_class', queue }, ({ input }) =>
      enterTenant(db, input.tenantId, async () => {
        const { tenantId, entityId: classId, userId, role, actorUserId } = input;
        if (role !== 'teacher' || userId === actorUserId) return;
        const className = await db.classes.includeDeleted().findBy(stored({ tenantId, classId })).get('name');
        await notify(tools, {
          tenantId,
          userIds: [userId],
          workflow: 'class-joined',
          data: { className },
          cause: `class.member_added ${at(input)}`,
        });
      }),
    ),
    onEvent(usageNearLimitEvent, { name: 'notify_of_usage', queue }, ({ input }) =>
      enterTenant(db, input.tenantId, async () => {
        const { tenantId, entityId: groupId, period, periodStartsAt, used, limit } = input;
        const group = await db.groups.includeDeleted().findBy(stored({ tenantId, groupId })).get('name');
        // A budget of nothing is used up from the beginning.
        const percent = limit === 0 ? 100 : Math.floor((used / limit) * 100);
        await notify(tools, {
          tenantId,
          userIds: await administratorsOf(db, tenantId, groupId),
          workflow: 'usage-near-limit',
          data: { group, period, percent: String(percent) },
          // A limit that was changed is another one.
          cause: `usage.near_limit ${groupId} ${period} ${periodStartsAt} ${limit}`,
        });
      }),
    ),
  ];
}

async function teachersOf(db: Db, tenantId: TenantId, classId: ClassId): Promise<UserId[]> {
  return db.classMembers.where({ ...stored({ tenantId, classId }), role: 'teacher' }).pluck('userId');
}
