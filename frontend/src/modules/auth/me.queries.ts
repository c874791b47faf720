import { type Ability, abilityFor } from '@raptscallions/policies/ability';
import { type Actor, actorFrom } from '@raptscallions/policies/actor';
import type { Group, GroupRole } from '@raptscallions/zod-schemas/group.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { LocalDb } from '../../local_db/local_db';

/** The signed-in person as the synced rows describe them. */
export type Me = {
  userId: UserId;
  name: string;
  /** the strongest role of any group: it decides which home and which menu a person gets */
  role: GroupRole;
  /** memberships have been loaded, so that `role` is more than a guess */
  known: boolean;
  actor: Actor;
  ability: Ability;
  groups: Group[];
  /** the group named in the top bar: one's school, else the topmost group */
  place: string | null;
};

const rank: GroupRole[] = ['system_admin', 'group_admin', 'teacher', 'student'];

/** @param fallbackName shown until the person's own row has arrived */
export async function readMe(db: LocalDb, userId: UserId, fallbackName: string): Promise<Me> {
  const [user, groupMembers, classMembers, groups] = await Promise.all([
    db.users.get(userId),
    db.groupMembers.where('userId').equals(userId).toArray(),
    db.classMembers.where('userId').equals(userId).toArray(),
    db.groups.toArray(),
  ]);
  const actor = actorFrom(userId, groupMembers, classMembers, groups);
  const strongest = rank.find((role) => groupMembers.some((member) => member.role === role));
  const mine = groups
    .filter((group) => groupMembers.some((member) => member.groupId === group.groupId))
    .sort((a, b) => a.path.length - b.path.length);
  const teaches = classMembers.some((member) => member.role === 'teacher');
  return {
    userId,
    name: user?.name ?? fallbackName,
    role: strongest ?? (teaches ? 'teacher' : 'student'),
    known: groupMembers.length > 0 || classMembers.length > 0,
    actor,
    ability: abilityFor(actor),
    groups,
    place: (mine.find((group) => group.kind === 'school') ?? mine[0])?.name ?? null,
  };
}
