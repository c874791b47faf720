import {
  ClassMandatoryZod,
  ClassOptionalZod,
  classId,
  classRole,
} from '@raptscallions/zod-schemas/class.zod';
import { userId } from '@raptscallions/zod-schemas/user.zod';
import { z } from 'zod';
import { defineEvent } from '../../events/define_event';
import { DomainEventZod } from '../../events/domain_event';

const ClassEventZod = DomainEventZod.extend({ entityId: classId });
const MemberEventZod = ClassEventZod.extend({ userId });

export const classCreated = defineEvent({
  name: 'class.created',
  payload: ClassEventZod.extend({ __type: z.literal('ClassCreated'), ...ClassMandatoryZod.shape }),
});

/** Only what became different is there. */
export const classUpdated = defineEvent({
  name: 'class.updated',
  payload: ClassEventZod.extend({
    __type: z.literal('ClassUpdated'),
    ...ClassMandatoryZod.pick({ name: true }).partial().shape,
    ...ClassOptionalZod.partial().shape,
  }),
});

/** `archived: false`: it was brought back. */
export const classArchived = defineEvent({
  name: 'class.archived',
  payload: ClassEventZod.extend({ __type: z.literal('ClassArchived'), archived: z.boolean() }),
});

/** Somebody came into a class, or has another role in it now. */
export const classMemberAdded = defineEvent({
  name: 'class.member_added',
  payload: MemberEventZod.extend({ __type: z.literal('ClassMemberAdded'), role: classRole }),
});

export const classMemberRemoved = defineEvent({
  name: 'class.member_removed',
  payload: MemberEventZod.extend({ __type: z.literal('ClassMemberRemoved') }),
});
