import { z } from 'zod';
import { groupId } from './group.zod';
import { richId } from './rich_id';
import { timestampsShape } from './timestamp';
import { userId } from './user.zod';

export const classId = richId('class');
export type ClassId = z.infer<typeof classId>;

export const ClassMandatoryZod = z.object({ groupId, name: z.string().trim().min(1).max(100) });
export const ClassOptionalZod = z.object({ subject: z.string().trim().max(100).nullable() });
export const ClassSelectAllZod = z.object({
  classId,
  ...ClassMandatoryZod.shape,
  ...ClassOptionalZod.shape,
  ...timestampsShape,
});
export type Class = z.infer<typeof ClassSelectAllZod>;

/** The browser mints `classId`, so that a class has its final id before it reaches the server. */
export const ClassCreateInputZod = z.object({
  classId,
  ...ClassMandatoryZod.shape,
  ...ClassOptionalZod.partial().shape,
});
export const ClassUpdateInputZod = z.object({
  classId,
  ...ClassMandatoryZod.pick({ name: true }).partial().shape,
  ...ClassOptionalZod.partial().shape,
});
export const ClassArchiveInputZod = z.object({ classId, archived: z.boolean() });

export const classRole = z.enum(['teacher', 'student']);
export type ClassRole = z.infer<typeof classRole>;

export const classMemberId = richId('classmember');
export const ClassMemberMandatoryZod = z.object({ classId, userId, role: classRole });
export const ClassMemberSelectAllZod = z.object({
  classMemberId,
  ...ClassMemberMandatoryZod.shape,
  ...timestampsShape,
});
export type ClassMember = z.infer<typeof ClassMemberSelectAllZod>;

export const ClassMemberAddInputZod = z.object({ classMemberId, ...ClassMemberMandatoryZod.shape });
export const ClassMemberRemoveInputZod = z.object({ classMemberId });

/** A first page, or the cursor of the next one. */
export const ListClassesInputZod = z.union([
  z.object({ cursor: z.string().max(2_000) }),
  z.object({ limit: z.int().min(1).max(100).default(50), groupId: groupId.optional() }),
]);
export const ClassListZod = z.object({
  __type: z.literal('ClassList'),
  items: z.array(ClassSelectAllZod),
  /** null: this was the last page */
  cursor: z.string().nullable(),
});
