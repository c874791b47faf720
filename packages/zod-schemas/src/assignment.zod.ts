import { z } from 'zod';
import { classId } from './class.zod';
import { richId } from './rich_id';
import { timestampNumber, timestampsShape } from './timestamp';
import { toolId, toolVersionId } from './tool.zod';
import { userId } from './user.zod';

export const assignmentId = richId('assignment');
export type AssignmentId = z.infer<typeof assignmentId>;

export const AssignmentMandatoryZod = z.object({
  classId,
  toolId,
  toolVersionId,
  title: z.string().trim().min(1).max(200),
});
export const AssignmentOptionalZod = z.object({
  instructions: z.string().max(5_000).nullable(),
  dueAt: timestampNumber.nullable(),
});
export const AssignmentSelectAllZod = z.object({
  assignmentId,
  ...AssignmentMandatoryZod.shape,
  ...AssignmentOptionalZod.shape,
  assignedByUserId: userId.nullable(),
  ...timestampsShape,
});
export type Assignment = z.infer<typeof AssignmentSelectAllZod>;

export const AssignmentCreateInputZod = z.object({
  assignmentId,
  ...AssignmentMandatoryZod.shape,
  ...AssignmentOptionalZod.partial().shape,
});
export const AssignmentUpdateInputZod = z.object({
  assignmentId,
  ...AssignmentMandatoryZod.pick({ title: true }).partial().shape,
  ...AssignmentOptionalZod.partial().shape,
});
export const AssignmentRemoveInputZod = z.object({ assignmentId, removed: z.boolean() });
