import { z } from 'zod';
import { richId } from './rich_id';
import { timestampsShape } from './timestamp';
import { userId } from './user.zod';

export const groupId = richId('group');
export type GroupId = z.infer<typeof groupId>;

export const groupKind = z.enum(['district', 'school', 'department', 'custom']);

export const GroupMandatoryZod = z.object({ name: z.string().trim().min(1).max(100), kind: groupKind });
export const GroupOptionalZod = z.object({
  parentGroupId: groupId.nullable(),
  settings: z.object({
    theme: z.record(z.string(), z.string()).optional(),
    /** models that tools of this group and below may ask for; unset: whatever those above allow */
    enabledModels: z.array(z.string()).optional(),
  }),
});
export const GroupSelectAllZod = z.object({
  groupId,
  ...GroupMandatoryZod.shape,
  ...GroupOptionalZod.shape,
  /** Labels of all ancestors and of the group itself, joined by dots; made of internal ids, never of names. */
  path: z.string(),
  ...timestampsShape,
});
export type Group = z.infer<typeof GroupSelectAllZod>;

export const groupRole = z.enum(['system_admin', 'group_admin', 'teacher', 'student']);
export type GroupRole = z.infer<typeof groupRole>;

export const groupMemberId = richId('groupmember');
export const GroupMemberMandatoryZod = z.object({ groupId, userId, role: groupRole });
export const GroupMemberSelectAllZod = z.object({
  groupMemberId,
  ...GroupMemberMandatoryZod.shape,
  ...timestampsShape,
});
export type GroupMember = z.infer<typeof GroupMemberSelectAllZod>;
