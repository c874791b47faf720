import type { GroupId, GroupRole } from '@raptscallions/zod-schemas/group.zod';
import { liesIn } from '@raptscallions/zod-schemas/group_path';
import type { User, UserId } from '@raptscallions/zod-schemas/user.zod';
import { fold } from '../../components/fold';
import type { LocalDb } from '../../local_db/local_db';

export type Membership = {
  groupMemberId: `groupmember-${string}`;
  groupId: GroupId;
  groupName: string;
  groupPath: string;
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
  const people = await readEverybody(db);
  const top = filter.groupId ? (await db.groups.get(filter.groupId))?.path : undefined;
  const fits = fitsSearch(filter.search);
  return people
    .filter(({ user }) => filter.status === null || user.status === filter.status)
    .filter(({ memberships }) =>
      memberships.some(
        ({ groupPath, role }) =>
          (filter.role === null || role === filter.role) && (top === undefined || liesIn(groupPath, top)),
      ),
    )
    .filter(fits);
}

/**
 * Those of whom `search` has a part of the name, address or user name, whatever groups they are in.
 * @param search must have a word, or nobody is found
 */
export async function findPeople(db: LocalDb, search: string): Promise<Person[]> {
  if (search.trim() === '') return [];
  return (await readEverybody(db)).filter(fitsSearch(search));
}

/** One person, whatever a list is narrowed to. @returns null when this device knows them no more */
export async function readPerson(db: LocalDb, userId: UserId): Promise<Person | null> {
  const user = await db.users.get(userId);
  if (!user) return null;
  const [contact, members, classCount] = await Promise.all([
    db.userContacts.get(userId),
    db.groupMembers.where('userId').equals(userId).toArray(),
    db.classMembers.where('userId').equals(userId).count(),
  ]);
  const groups = await db.groups.bulkGet(members.map(({ groupId }) => groupId));
  const memberships = members.flatMap(({ groupId, groupMemberId, role }, at): Membership[] => {
    const group = groups[at];
    return group ? [{ groupMemberId, groupId, groupName: group.name, groupPath: group.path, role }] : [];
  });
  const { email = null, username = null } = contact ?? {};
  return { user, email, username, memberships, classCount };
}

/** Addresses and user names that somebody has, in small letters. */
export async function readTakenNames(db: LocalDb): Promise<Set<string>> {
  const contacts = await db.userContacts.toArray();
  const names = contacts.flatMap(({ email, username }) => [email, username?.toLowerCase()]);
  return new Set(names.filter((name) => name != null));
}

/**
 * Somebody of exactly this name and sign-in. Whoever has asked for them to be added and got no answer learns here
 * that they were.
 */
export async function findAdded(
  db: LocalDb,
  person: { name: string; email?: string | undefined; username?: string | undefined },
): Promise<UserId | undefined> {
  const contact = await db.userContacts
    .filter(
      ({ email, username }) =>
        (person.email ?? null) === email && (person.username ?? null) === (username?.toLowerCase() ?? null),
    )
    .first();
  if (!contact) return undefined;
  const user = await db.users.get(contact.userId);
  return user?.name === person.name ? user.userId : undefined;
}

function fitsSearch(search: string): (person: Person) => boolean {
  const words = fold(search).split(/\s+/).filter(Boolean);
  return ({ user, email, username }) => {
    const text = fold([user.name, email, username].filter(Boolean).join(' '));
    return words.every((word) => text.includes(word));
  };
}

/** By name, those without a group too. */
async function readEverybody(db: LocalDb): Promise<Person[]> {
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
    known.push({ groupMemberId, groupId, groupName: group.name, groupPath: group.path, role });
    membershipsOf.set(userId, known);
  }
  return users
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
    .sort((a, b) => a.user.name.localeCompare(b.user.name));
}
