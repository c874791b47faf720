import {
  GroupMandatoryZod,
  groupId,
  groupMemberId,
  groupRole,
  retentionDays,
} from '@raptscallions/zod-schemas/group.zod';
import { userId } from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';
import { defineEvent } from '../../events/define_event';
import { DomainEventZod } from '../../events/domain_event';

const GroupEventZod = DomainEventZod.extend({ entityId: groupId });

export const groupCreated = defineEvent({
  name: 'group.created',
  payload: GroupEventZod.extend({
    __type: z.literal('GroupCreated'),
    parentGroupId: groupId,
    ...GroupMandatoryZod.shape,
  }),
});

/** Only what became different is there; of a theme only that it did, since logos are large. */
export const groupUpdated = defineEvent({
  name: 'group.updated',
  payload: GroupEventZod.extend({
    __type: z.literal('GroupUpdated'),
    ...GroupMandatoryZod.partial().shape,
    retentionDays: retentionDays.nullable().optional(),
    themed: z.boolean(),
  }),
});

export const groupMoved = defineEvent({
  name: 'group.moved',
  payload: GroupEventZod.extend({ __type: z.literal('GroupMoved'), parentGroupId: groupId }),
});

/** `archived: false`: it was brought back. */
export const groupArchived = defineEvent({
  name: 'group.archived',
  payload: GroupEventZod.extend({ __type: z.literal('GroupArchived'), archived: z.boolean() }),
});

const MemberEventZod = GroupEventZod.extend({ groupMemberId, userId, role: groupRole });

/** Somebody came into a group, or has another role in it now. */
export const groupMemberSet = defineEvent({
  name: 'group.member_set',
  payload: MemberEventZod.extend({ __type: z.literal('GroupMemberSet'), before: groupRole.nullable() }),
});

export const groupMemberRemoved = defineEvent({
  name: 'group.member_removed',
  payload: MemberEventZod.extend({ __type: z.literal('GroupMemberRemoved') }),
});
