import { type Ability, may } from '@raptscallions/policies/ability';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { Things } from '../build_mirror_school';
import { admins, listedFor, readersOfClass, restrictedTo } from './callers';
import type { Right } from './right';

const mayManageGroup =
  (which: 'groupId' | 'emptyGroupId' | 'topGroupId') => (ability: Ability, things: Things) =>
    may(ability, 'manage', 'Group', { groupId: things[which] });

const mayDoToClass =
  (action: 'create' | 'update' | 'delete') =>
  (ability: Ability, { classId, groupId }: Things) =>
    may(ability, action, 'Class', { classId, groupId });

const mayChangeMembers =
  (action: 'create' | 'delete') =>
  (ability: Ability, { classId, groupId }: Things) =>
    may(ability, action, 'ClassMember', { classId, groupId });

/** Of the class's group; those who can see the class are told that it is not theirs to change. */
const onlyAdminsOfClass = {
  ...restrictedTo(admins),
  own: { does: admins, FORBIDDEN: readersOfClass },
} satisfies Partial<Right>;

/** The school, its groups and classes, and who is in them. */
export const classesRights: Record<string, Right> = {
  'classes.list': {
    input: ({ groupId }) => ({ groupId, limit: 50 }),
    looksFor: ({ classId }) => classId,
    ...listedFor([...readersOfClass, ...admins]),
    policy: (ability, { classId, groupId }) => may(ability, 'read', 'Class', { classId, groupId }),
  },
  'classes.create': {
    input: ({ groupId }) => ({ classId: newId('class'), groupId, name: 'A new class' }),
    own: { does: admins },
    others: 'FORBIDDEN',
    foreign: 'FORBIDDEN',
    policy: mayDoToClass('create'),
  },
  'classes.update': {
    input: ({ classId }) => ({ classId, name: 'Renamed' }),
    ...onlyAdminsOfClass,
    policy: mayDoToClass('update'),
  },
  'classes.archive': {
    input: ({ classId }) => ({ classId, archived: true }),
    ...onlyAdminsOfClass,
    policy: mayDoToClass('delete'),
  },
  'groups.create': {
    input: ({ groupId }) => ({
      groupId: newId('group'),
      parentGroupId: groupId,
      name: 'New',
      kind: 'department',
    }),
    ...restrictedTo(admins),
    policy: mayManageGroup('groupId'),
  },
  'groups.update': {
    input: ({ groupId }) => ({ groupId, name: 'Renamed', theme: { accent: 'plum' }, retentionDays: 400 }),
    ...restrictedTo(admins),
    policy: mayManageGroup('groupId'),
  },
  'groups.move': {
    input: ({ emptyGroupId, groupId }) => ({ groupId: emptyGroupId, parentGroupId: groupId }),
    ...restrictedTo(admins),
    policy: mayManageGroup('emptyGroupId'),
  },
  'groups.archive': {
    input: ({ emptyGroupId }) => ({ groupId: emptyGroupId, archived: true }),
    ...restrictedTo(admins),
    policy: mayManageGroup('emptyGroupId'),
  },
  'groups.setMember': {
    input: ({ groupId, newcomerId }) => ({
      groupMemberId: newId('groupmember'),
      groupId,
      userId: newcomerId,
      role: 'teacher',
    }),
    ...restrictedTo(admins),
    policy: mayManageGroup('groupId'),
  },
  'groups.removeMember': {
    input: ({ groupMemberId }) => ({ groupMemberId }),
    ...restrictedTo(admins),
    // Gone already counts as done, and what is not there is gone.
    foreign: 'does',
    policy: mayManageGroup('topGroupId'),
  },
  'classes.addMember': {
    input: ({ classId, newcomerId }) => ({
      classMemberId: newId('classmember'),
      classId,
      userId: newcomerId,
      role: 'student',
    }),
    ...onlyAdminsOfClass,
    policy: mayChangeMembers('create'),
  },
  'classes.removeMember': {
    input: ({ classMemberId }) => ({ classMemberId }),
    ...onlyAdminsOfClass,
    // Gone already counts as done, and what is not there is gone.
    foreign: 'does',
    policy: mayChangeMembers('delete'),
  },
  'tenants.readSchoolCode': {
    input: ({ topGroupId: groupId }) => ({ groupId }),
    ...restrictedTo(admins),
    policy: mayManageGroup('topGroupId'),
    reads: true,
  },
  'tenants.setSchoolCode': {
    input: ({ topGroupId: groupId }) => ({ groupId, schoolCode: 'A new code' }),
    ...restrictedTo(admins),
    policy: mayManageGroup('topGroupId'),
  },
};
