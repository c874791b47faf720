import type { Group, GroupMember } from '@raptscallions/zod-schemas/group.zod';
import type { LocalDb } from '../../local_db/local_db';

export type GroupLine = {
  groupId: Group['groupId'];
  name: string;
  kind: Group['kind'];
  depth: number;
  classes: number;
  teachers: number;
  pupils: number;
};

function countPeople(members: readonly GroupMember[], role: GroupMember['role']): number {
  return new Set(members.filter((member) => member.role === role).map((member) => member.userId)).size;
}

/** The tree of groups, parents before children; every line counts what lies below it too. */
export async function readGroupLines(db: LocalDb): Promise<GroupLine[]> {
  const [groups, members, classes] = await Promise.all([
    db.groups.toArray(),
    db.groupMembers.toArray(),
    db.classes.toArray(),
  ]);
  const byPath = [...groups].sort((a, b) => (a.path < b.path ? -1 : 1));
  return byPath.map((group): GroupLine => {
    const below = new Set(
      groups
        .filter((other) => other.path === group.path || other.path.startsWith(`${group.path}.`))
        .map((other) => other.groupId),
    );
    const inside = members.filter((member) => below.has(member.groupId));
    return {
      groupId: group.groupId,
      name: group.name,
      kind: group.kind,
      depth: groups.filter((other) => group.path.startsWith(`${other.path}.`)).length,
      classes: classes.filter((row) => below.has(row.groupId)).length,
      teachers: countPeople(inside, 'teacher'),
      pupils: countPeople(inside, 'student'),
    };
  });
}
