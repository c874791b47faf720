import type { ClassId, ClassRole } from '@raptscallions/zod-schemas/class.zod';
import type { GroupId, GroupRole } from '@raptscallions/zod-schemas/group.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';

/** Who asks. The server reads it from the database for each request, the browser from its synced rows. */
export type Actor = {
  userId: UserId;
  groupRoles: { groupId: GroupId; role: GroupRole }[];
  classRoles: { classId: ClassId; role: ClassRole }[];
  /** groups in which the actor is a teacher, and all that lie in or below one it administers */
  staffGroupIds: GroupId[];
  /** groups that lie in or below one the actor administers */
  adminGroupIds: GroupId[];
};

type GroupRow = { groupId: GroupId; path: string };

/**
 * The actor out of its memberships and the groups it can see. Subtrees are resolved here, once.
 * @param groups at least the actor's own groups and everything below those it administers
 */
export function actorFrom(
  userId: UserId,
  groupRoles: Actor['groupRoles'],
  classRoles: Actor['classRoles'],
  groups: GroupRow[],
): Actor {
  const pathOf = new Map(groups.map((group) => [group.groupId, group.path]));
  const administered = groupRoles
    .filter(({ role }) => role === 'group_admin' || role === 'system_admin')
    .flatMap(({ groupId }) => pathOf.get(groupId) ?? []);
  const adminGroupIds = groups
    .filter(({ path }) => administered.some((top) => path === top || path.startsWith(`${top}.`)))
    .map(({ groupId }) => groupId);
  const taught = groupRoles.filter(({ role }) => role === 'teacher').map(({ groupId }) => groupId);
  return {
    userId,
    groupRoles,
    classRoles,
    staffGroupIds: [...new Set([...taught, ...adminGroupIds])],
    adminGroupIds,
  };
}
