import { AbilityBuilder, createMongoAbility, type MongoAbility, subject } from '@casl/ability';
import type { Assignment } from '@raptscallions/zod-schemas/assignment.zod';
import type { ChatSession, Message, Run } from '@raptscallions/zod-schemas/chat.zod';
import type { Class, ClassId, ClassMember } from '@raptscallions/zod-schemas/class.zod';
import type { Group, GroupId, GroupMember } from '@raptscallions/zod-schemas/group.zod';
import type { MessageNote } from '@raptscallions/zod-schemas/hook.zod';
import type { ProductResult } from '@raptscallions/zod-schemas/product.zod';
import type { Tool, ToolSource, ToolVersion } from '@raptscallions/zod-schemas/tool.zod';
import type { User, UserContact, UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Actor } from './actor';

/** Of a person: `groupIds`, `classIds` where a member; of a group: `groupIds` in it, itself included. `givenTo`: classes that have it as an assignment. */
type Subjects = {
  User: Pick<User, 'userId'> & { groupIds: GroupId[]; classIds: ClassId[] };
  UserContact: Pick<UserContact, 'userId'> & { groupIds: GroupId[]; classIds: ClassId[] };
  Group: Pick<Group, 'groupId'> & { groupIds?: GroupId[] };
  GroupMember: Pick<GroupMember, 'groupId' | 'userId'>;
  Class: Pick<Class, 'classId' | 'groupId'>;
  ClassMember: Pick<ClassMember, 'classId'> & { groupId: GroupId };
  Tool: Pick<Tool, 'groupId' | 'ownerUserId'> & { givenTo: ClassId[] };
  ToolVersion: Pick<ToolVersion, 'groupId' | 'ownerUserId'> & { givenTo: ClassId[] };
  ToolSource: Pick<ToolSource, 'groupId' | 'ownerUserId'>;
  Assignment: Pick<Assignment, 'classId'> & { groupId: GroupId };
  ChatSession: Pick<ChatSession, 'userId' | 'classId' | 'hiddenAt'>;
  Message: Pick<Message, 'userId' | 'classId'> & { hidden: boolean; shownToStaff: boolean };
  Run: Pick<Run, 'userId' | 'classId'> & { hidden: boolean };
  MessageNote: Pick<MessageNote, 'userId' | 'classId'>;
  /** how modules are set in one place; `groupId`: of the place, `ownerUserId`: of a tool only */
  ModuleSetting: { groupId: GroupId | null; ownerUserId: UserId | null };
  /** what modules said of a run or session; `groupId`: as for a prompt */
  HookVerdict: { groupId: GroupId | null };
  /** what a module held back, as it was written */
  RunOriginal: { groupId: GroupId | null };
  ProductResult: Pick<ProductResult, 'userId' | 'classId' | 'hiddenAt'> & { shownToStaff: boolean };
  /** what was sent to the AI for a run; `groupId`: of its class, or of the tool where there is no class */
  RunPrompt: { groupId: GroupId | null };
  /** a session as it happened; `groupId`: of its class, or of the tool where there is no class */
  Replay: Pick<ChatSession, 'userId' | 'classId'> & { groupId: GroupId | null };
  /** what a group and all below it use of the AI, and the limits and models it is given */
  Usage: { groupId: GroupId };
  /** `groupId`: that under which everything hangs the source brings */
  RosterSource: { groupId: GroupId };
};
export type SubjectName = keyof Subjects;
export type Action = 'read' | 'create' | 'update' | 'delete' | 'manage';
export type Ability = MongoAbility<[Action, SubjectName | 'all' | object]>;

/**
 * What an actor may do, as rules over rows. Ask with {@link may}, which needs the row: asked about a mere
 * kind of thing, a conditional rule would answer yes.
 */
export function abilityFor(actor: Actor): Ability {
  const { can, build } = new AbilityBuilder<Ability>(createMongoAbility);
  const me = actor.userId;
  const myClasses = { $in: actor.classRoles.map(({ classId }) => classId) };
  const taught = {
    $in: actor.classRoles.filter(({ role }) => role === 'teacher').map(({ classId }) => classId),
  };
  const staffed = { $in: actor.staffGroupIds };
  const administered = { $in: actor.adminGroupIds };

  can(['read', 'update'], 'User', { userId: me });
  can('read', 'User', { classIds: myClasses });
  can('read', 'User', { groupIds: staffed });
  can('read', 'UserContact', { userId: me });
  can('read', 'UserContact', { classIds: taught });
  can('manage', 'User', { groupIds: administered });
  can('manage', 'UserContact', { groupIds: administered });

  // Whoever is somewhere sees what lies above, up to the district.
  can('read', 'Group', { groupIds: { $in: actor.groupRoles.map(({ groupId }) => groupId) } });
  can('manage', 'Group', { groupId: administered });
  can('read', 'GroupMember', { userId: me });
  can('read', 'GroupMember', { groupId: staffed });
  can('manage', 'GroupMember', { groupId: administered });

  can('read', 'Class', { classId: myClasses });
  can('read', 'Class', { groupId: staffed });
  can('manage', 'Class', { groupId: administered });
  can('read', 'ClassMember', { classId: myClasses });
  can('read', 'ClassMember', { groupId: staffed });
  can('manage', 'ClassMember', { groupId: administered });

  can('read', 'Tool', { givenTo: myClasses });
  can('read', 'ToolVersion', { givenTo: myClasses });
  can(['read', 'update', 'delete'], 'Tool', { ownerUserId: me });
  can(['read', 'update'], 'ToolVersion', { ownerUserId: me });
  can(['read', 'update'], 'ToolSource', { ownerUserId: me });
  can('create', 'Tool', { groupId: staffed });
  for (const kind of ['Tool', 'ToolVersion', 'ToolSource'] as const)
    can('read', kind, { groupId: administered });
  // The reserved tenant's tools belong to no group, and everybody may use them.
  can('read', 'Tool', { groupId: null });
  can('read', 'ToolVersion', { groupId: null });

  can('read', 'Assignment', { classId: myClasses });
  can(['create', 'update', 'delete'], 'Assignment', { classId: taught });
  can('manage', 'Assignment', { groupId: administered });

  can(['create', 'update'], 'ChatSession', { userId: me });
  can('read', 'ChatSession', { userId: me, hiddenAt: null });
  can('read', 'Message', { userId: me, hidden: false });
  can(['create', 'update'], 'Run', { userId: me });
  can('read', 'Run', { userId: me, hidden: false });
  // A pupil's own teachers read transcripts; neither the tool's author nor an administrator does.
  can('read', 'ChatSession', { classId: taught });
  can('read', 'Message', { classId: taught, shownToStaff: true });
  can('read', 'Run', { classId: taught });
  can('read', 'ProductResult', { userId: me, hiddenAt: null });
  can('read', 'ProductResult', { classId: taught, shownToStaff: true });
  can(['read', 'update'], 'MessageNote', { classId: taught });
  // The author of a tool who tries it is both pupil and teacher.
  can(['read', 'update'], 'MessageNote', { userId: me, classId: null });
  // Pausing and ending a chat of one's class.
  can('update', 'ChatSession', { classId: taught });
  can('read', 'RunPrompt', { groupId: administered });
  can('read', 'Replay', { classId: taught });
  can('read', 'Replay', { groupId: administered });
  // Whoever tries a tool replays their own trial.
  can('read', 'Replay', { userId: me, classId: null });
  can('read', 'HookVerdict', { groupId: administered });
  can('read', 'RunOriginal', { groupId: administered });
  can('manage', 'ModuleSetting', { groupId: administered });
  can(['read', 'update'], 'ModuleSetting', { ownerUserId: me });
  can(['read', 'update'], 'Usage', { groupId: administered });
  can('manage', 'RosterSource', { groupId: administered });

  return build();
}

/** The one way to ask: about a row, never about a kind. */
export function may<S extends SubjectName>(
  ability: Ability,
  action: Action,
  kind: S,
  row: Subjects[S],
): boolean {
  // CASL marks the object it is given; the row itself may be frozen or shared.
  return ability.can(action, subject(kind, { ...row }));
}

/** Whether to offer making a tool at all: somebody who is staff in at least one group. */
export function mayMakeTools(actor: Actor): boolean {
  return actor.staffGroupIds.length > 0;
}
