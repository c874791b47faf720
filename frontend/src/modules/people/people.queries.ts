import type { GroupId, GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { liesIn } from '@raptscallions/zod-schemas/group_path';
import type { User, UserId } from '@raptscallions/zod-schemas/user.zod';
import { fold } from '../../components/fold';
import type { LocalDb } from '../../local_db/local_db';

export type Membership = {
  groupMemberId: `groupmember-${string}`;
  groupId: GroupId;
  groupName: string;
  role: GroupRole;
};
export type Person = {
  user: User;
  email: string | null;
  username: string | null;
  memberships: Membership[];
  classCount: number;
};

export type PeopleFilter = {
  search: string;
  /** in it or below */
  groupId: GroupId | null;
  role: GroupRole | null;
  status: User['status'] | null;
};

/** The people this device knows who fit, by name: whose name, address or user name has every word. */
export async function readPeople(db: LocalDb, filter: PeopleFilter): Promise<Person[]> {
  const [users, contacts, members, groups, classMembers] = await Promise.all([
    db.users.toArray(),
    db.userContacts.toArray(),
    db.groupMembers.toArray(),
    db.groups.toArray(),
    db.classMembers.toArray(),
  ]);
  const groupOf = new Map(groups.map((group) => [group.groupId, group]));
  const contactOf = new Map(contacts.map((contact) => [contact.userId, contact]));
  const classesOf = new Map<UserId, number>();
  for (const { userId } of classMembers) classesOf.set(userId, (classesOf.get(userId) ?? 0) + 1);
  const membershipsOf = new Map<UserId, Membership[]>();
  for (const { userId, groupId, groupMemberId, role } of members) {
    const group = groupOf.get(groupId);
    if (!group) continue;
    const known = membershipsOf.get(userId) ?? [];
    known.push({ groupMemberId, groupId, groupName: group.name, role });
    membershipsOf.set(userId, known);
  }
  const top = filter.groupId ? groupOf.get(filter.groupId)?.path : undefined;
  const words = fold(filter.search).split(/\s+/).filter(Boolean);
  return users
    .filter((user) => filter.status === null || user.status === filter.status)
    .map((user): Person => {
      const contact = contactOf.get(user.userId);
      return {
        user,
        email: contact?.email ?? null,
        username: contact?.username ?? null,
        memberships: membershipsOf.get(user.userId) ?? [],
        classCount: classesOf.get(user.userId) ?? 0,
      };
    })
    .filter(({ memberships }) =>
      memberships.some(
        ({ groupId, role }) =>
          (filter.role === null || role === filter.role) &&
          (top === undefined || liesIn(groupOf.get(groupId)?.path ?? '', top)),
      ),
    )
    .filter(({ user, email, username }) => {
      const text = fold([user.name, email, username].filter(Boolean).join(' '));
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => a.user.name.localeCompare(b.user.name));
}
