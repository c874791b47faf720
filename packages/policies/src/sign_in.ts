import type { ClassId, ClassRole } from '@raptscallions/zod-schemas/class.zod';
import type { GroupId, GroupRole } from '@raptscallions/zod-schemas/group.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Actor } from './actor';

/** Somebody whose way in is to be changed, with every role they have. */
export type SignInSubject = {
  userId: UserId;
  groupRoles: { groupId: GroupId; role: GroupRole }[];
  classRoles: { classId: ClassId; role: ClassRole }[];
};

/**
 * Whether the actor may invite, reset, suspend. Whoever gets somebody's link can be that person, so nobody does
 * it to a person with rights they do not have themselves, nor to themselves.
 */
export function mayManageSignIn(actor: Actor, { userId, groupRoles }: SignInSubject): boolean {
  return (
    userId !== actor.userId &&
    groupRoles.some(({ groupId }) => actor.adminGroupIds.includes(groupId)) &&
    groupRoles.every(({ groupId, role }) => !isAdminRole(role) || mayGiveRole(actor, role, groupId))
  );
}

/** Besides, a teacher may give a pupil of a class a new password: nobody younger waits for the IT. */
export function mayGivePassword(actor: Actor, subject: SignInSubject): boolean {
  if (mayManageSignIn(actor, subject)) return true;
  const { userId, groupRoles, classRoles } = subject;
  const onlyPupil = [...groupRoles, ...classRoles].every(({ role }) => role === 'student');
  const taught = actor.classRoles.filter(({ role }) => role === 'teacher').map(({ classId }) => classId);
  return userId !== actor.userId && onlyPupil && classRoles.some(({ classId }) => taught.includes(classId));
}

/** Whether the actor may make somebody this in that group. */
export function mayGiveRole(actor: Actor, role: GroupRole, groupId: GroupId): boolean {
  if (!actor.adminGroupIds.includes(groupId)) return false;
  return role !== 'system_admin' || actor.groupRoles.some((own) => own.role === 'system_admin');
}

function isAdminRole(role: GroupRole): boolean {
  return role === 'system_admin' || role === 'group_admin';
}
