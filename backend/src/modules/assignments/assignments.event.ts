import { assignmentId } from '@raptscallions/zod-schemas/assignment.zod';
import { classId } from '@raptscallions/zod-schemas/class.zod';
import { toolVersionId } from '@raptscallions/zod-schemas/tool.zod';
import { z } from 'zod';
import { defineEvent } from '../../events/define_event';
import { DomainEventZod } from '../../events/domain_event';

const AssignmentEventZod = DomainEventZod.extend({ entityId: assignmentId, classId });

export const assignmentCreated = defineEvent({
  name: 'assignment.created',
  payload: AssignmentEventZod.extend({ __type: z.literal('AssignmentCreated'), toolVersionId }),
});

export const assignmentUpdated = defineEvent({
  name: 'assignment.updated',
  payload: AssignmentEventZod.extend({ __type: z.literal('AssignmentUpdated') }),
});

/** `removed: false`: it was given again. */
export const assignmentRemoved = defineEvent({
  name: 'assignment.removed',
  payload: AssignmentEventZod.extend({ __type: z.literal('AssignmentRemoved'), removed: z.boolean() }),
});
