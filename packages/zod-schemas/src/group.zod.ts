import { z } from 'zod';
import { richId } from './rich_id';
import { timestampsShape } from './timestamp';
import { userId } from './user.zod';

export const groupId = richId('group');
export type GroupId = z.infer<typeof groupId>;

export const groupKind = z.enum(['district', 'school', 'department', 'custom']);

/** The colours a group may choose: each is checked for contrast, light and dark, in `accents.css`. */
export const groupAccent = z.enum(['scallion', 'lagoon', 'plum', 'brick']);
export type GroupAccent = z.infer<typeof groupAccent>;

/** Small enough to travel to every browser of the group with its row. */
const longestLogo = 48_000;

export const GroupThemeZod = z.object({
  accent: groupAccent.optional(),
  /** a picture as a data URL. No SVG: it could call other hosts. */
  logo: z
    .string()
    .max(longestLogo, 'The logo must be a picture of less than 35 kB')
    .regex(
      /^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/]+=*$/,
      'The logo must be a PNG, JPEG or WebP picture',
    )
    .optional(),
});
export type GroupTheme = z.infer<typeof GroupThemeZod>;

/** A term at least, so that nobody loses what is still being graded; ten years at most. */
export const retentionDays = z.int().min(30).max(3_650);

export const GroupMandatoryZod = z.object({ name: z.string().trim().min(1).max(100), kind: groupKind });
export const GroupOptionalZod = z.object({
  parentGroupId: groupId.nullable(),
  settings: z.object({
    /** how this group and those below look; unset parts come from the nearest group above that has them */
    theme: GroupThemeZod.optional(),
    /** models that tools of this group and below may ask for; unset: whatever those above allow */
    enabledModels: z.array(z.string()).optional(),
    retentionDays: retentionDays.optional(),
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

/** The browser mints `groupId`. Every group but the first of a school lies in another. */
export const GroupCreateInputZod = z.object({ groupId, parentGroupId: groupId, ...GroupMandatoryZod.shape });
/** `theme` replaces the whole theme; null: everything comes from above again. */
export const GroupUpdateInputZod = z.object({
  groupId,
  ...GroupMandatoryZod.partial().shape,
  theme: GroupThemeZod.nullable().optional(),
  /** chats of classes in this group and below are erased after so many days; null: as the groups above say */
  retentionDays: retentionDays.nullable().optional(),
});
export const GroupMoveInputZod = z.object({ groupId, parentGroupId: groupId });
export const GroupArchiveInputZod = z.object({ groupId, archived: z.boolean() });

/** Somebody who is in the group already gets the other role. */
export const GroupMemberSetInputZod = z.object({ groupMemberId, ...GroupMemberMandatoryZod.shape });
export const GroupMemberRemoveInputZod = z.object({ groupMemberId });
