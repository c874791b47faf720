import type { Assignment } from '@raptscallions/zod-schemas/assignment.zod';
import type { ChatSession } from '@raptscallions/zod-schemas/chat.zod';
import type { Class, ClassId, ClassMember } from '@raptscallions/zod-schemas/class.zod';
import type { ToolVersion } from '@raptscallions/zod-schemas/tool.zod';
import type { User, UserId } from '@raptscallions/zod-schemas/user.zod';
import { fold } from '../../components/fold';
import type { LocalDb } from '../../local_db/local_db';

const dayMs = 86_400_000;

/** The server's rows of one class, put together for a line of a table. */
export type ClassSummary = {
  row: Class;
  groupName: string;
  pupils: number;
  teacherIds: UserId[];
  /** in the order of `teacherIds` */
  teacherNames: string[];
  /** sessions begun on each of the last five days, today last */
  sessionsByDay: number[];
  nextDue: Assignment | null;
  assignments: number;
  lastActivityAt: number | null;
};

function countByDay(sessions: readonly ChatSession[], now: number): number[] {
  const today = new Date(now).setHours(0, 0, 0, 0);
  const counts = [0, 0, 0, 0, 0];
  for (const session of sessions) {
    // rounding bridges the day on which the clock changes
    const age = Math.round((today - new Date(session.createdAt).setHours(0, 0, 0, 0)) / dayMs);
    if (age >= 0 && age < 5) counts[4 - age] = (counts[4 - age] ?? 0) + 1;
  }
  return counts;
}

function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Every class this device holds, by name. */
export async function readClassSummaries(db: LocalDb, now: number): Promise<ClassSummary[]> {
  const [classes, members, groups, sessions, assignments, users] = await Promise.all([
    db.classes.toArray(),
    db.classMembers.toArray(),
    db.groups.toArray(),
    db.chatSessions.toArray(),
    db.assignments.toArray(),
    db.users.toArray(),
  ]);
  const groupName = new Map(groups.map((group) => [group.groupId, group.name]));
  const userName = new Map(users.map((user) => [user.userId, user.name]));
  const membersOf = groupBy(members, (member) => member.classId);
  const sessionsOf = groupBy(sessions, (session) => session.classId);
  const assignmentsOf = groupBy(assignments, (assignment) => assignment.classId);
  return classes
    .map((row): ClassSummary => {
      const inClass = membersOf.get(row.classId) ?? [];
      const chats = sessionsOf.get(row.classId) ?? [];
      const given = assignmentsOf.get(row.classId) ?? [];
      const teacherIds = inClass.filter((member) => member.role === 'teacher').map((member) => member.userId);
      const due = given
        .filter((assignment) => (assignment.dueAt ?? 0) >= now)
        .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
      return {
        row,
        groupName: groupName.get(row.groupId) ?? '',
        pupils: inClass.length - teacherIds.length,
        teacherIds,
        teacherNames: teacherIds.map((id) => userName.get(id) ?? 'somebody'),
        sessionsByDay: countByDay(chats, now),
        nextDue: due[0] ?? null,
        assignments: given.length,
        lastActivityAt: chats.reduce<number | null>(
          (newest, chat) => (chat.lastMessageAt ? Math.max(newest ?? 0, chat.lastMessageAt) : newest),
          null,
        ),
      };
    })
    .sort((a, b) => a.row.name.localeCompare(b.row.name, undefined, { numeric: true }));
}

export type RosterEntry = { member: ClassMember; user: User; address: string | null; sessions: number };

export type ClassDetail = {
  row: Class;
  groupName: string;
  teachers: RosterEntry[];
  pupils: RosterEntry[];
  assignments: {
    assignment: Assignment;
    toolName: string;
    version: string;
    kind: ToolVersion['kind'];
    started: number;
  }[];
  sessionCount: number;
};

/** One class with its roster and assignments; null when this device does not hold it. */
export async function readClassDetail(db: LocalDb, classId: ClassId): Promise<ClassDetail | null> {
  const row = await db.classes.get(classId);
  if (!row) return null;
  const [group, members, assignments, sessions, versions, results] = await Promise.all([
    db.groups.get(row.groupId),
    db.classMembers.where('classId').equals(classId).toArray(),
    db.assignments.where('classId').equals(classId).toArray(),
    db.chatSessions.where('classId').equals(classId).toArray(),
    db.toolVersions.toArray(),
    db.productResults.where('classId').equals(classId).toArray(),
  ]);
  const ids = members.map((member) => member.userId);
  const [users, contacts] = await Promise.all([db.users.bulkGet(ids), db.userContacts.bulkGet(ids)]);
  const entries = members.flatMap((member, at): RosterEntry[] => {
    const user = users[at];
    const contact = contacts[at];
    const mine = sessions.filter((session) => session.userId === member.userId).length;
    return user
      ? [{ member, user, address: contact?.email ?? contact?.username ?? null, sessions: mine }]
      : [];
  });
  entries.sort((a, b) => a.user.name.localeCompare(b.user.name));
  const versionOf = new Map(versions.map((version) => [version.toolVersionId, version]));
  const pupilIds = new Set(members.filter((member) => member.role === 'student').map((m) => m.userId));
  return {
    row,
    groupName: group?.name ?? '',
    teachers: entries.filter((entry) => entry.member.role === 'teacher'),
    pupils: entries.filter((entry) => entry.member.role === 'student'),
    assignments: assignments
      .sort((a, b) => (b.dueAt ?? b.createdAt) - (a.dueAt ?? a.createdAt))
      .map((assignment) => {
        const version = versionOf.get(assignment.toolVersionId);
        const begun = [...sessions.filter((session) => session.messageCount > 0), ...results];
        const started = new Set(
          begun
            .filter((row) => row.assignmentId === assignment.assignmentId && pupilIds.has(row.userId))
            .map((row) => row.userId),
        );
        return {
          assignment,
          toolName: version?.name ?? '',
          version: version?.version ?? '',
          kind: version?.kind ?? 'chat',
          started: started.size,
        };
      }),
    sessionCount: sessions.length,
  };
}

export type Candidate = { user: User; place: string };

/**
 * People this device knows who are not in the class yet, whose name has every word of `search`: those of
 * the class's own group first, at most thirty.
 */
export async function findPeople(
  db: LocalDb,
  search: string,
  { row, teachers, pupils }: ClassDetail,
): Promise<Candidate[]> {
  const words = fold(search).split(/\s+/).filter(Boolean);
  const inside = new Set([...teachers, ...pupils].map((entry) => entry.user.userId));
  const [users, members, groups] = await Promise.all([
    db.users.toArray(),
    db.groupMembers.toArray(),
    db.groups.toArray(),
  ]);
  const groupName = new Map(groups.map((group) => [group.groupId, group.name]));
  const groupsOf = groupBy(members, (member) => member.userId);
  return users
    .filter((user) => user.status !== 'suspended' && !inside.has(user.userId))
    .filter((user) => words.every((word) => fold(user.name).includes(word)))
    .map((user) => {
      const own = groupsOf.get(user.userId) ?? [];
      const near = own.some((member) => member.groupId === row.groupId);
      return { user, near, place: own.flatMap((member) => groupName.get(member.groupId) ?? []).join(', ') };
    })
    .sort((a, b) => Number(b.near) - Number(a.near) || a.user.name.localeCompare(b.user.name))
    .slice(0, 30);
}
