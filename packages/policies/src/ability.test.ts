import { newId } from '@raptscallions/zod-schemas/rich_id';
import { expect, test } from 'vitest';
import { abilityFor, may } from './ability';
import { actorFrom } from './actor';

const district = newId('group');
const school = newId('group');
const other = newId('group');
const paths = [
  { groupId: district, path: 'a' },
  { groupId: school, path: 'a.b' },
  { groupId: other, path: 'ab' },
];
const classId = newId('class');
const pupil = actorFrom(
  newId('user'),
  [{ groupId: school, role: 'student' }],
  [{ classId, role: 'student' }],
  paths,
);
const teacher = actorFrom(
  newId('user'),
  [{ groupId: school, role: 'teacher' }],
  [{ classId, role: 'teacher' }],
  paths,
);
const admin = actorFrom(newId('user'), [{ groupId: district, role: 'group_admin' }], [], paths);

test('a group admin manages what lies below, and nothing beside whose path merely begins alike', () => {
  expect(admin.adminGroupIds).toEqual([district, school]);
  expect(may(abilityFor(admin), 'update', 'Class', { classId, groupId: school })).toBe(true);
  expect(may(abilityFor(admin), 'update', 'Class', { classId, groupId: other })).toBe(false);
});

test('transcripts are for the class’s own teachers, not for administrators or other pupils', () => {
  const session = { userId: pupil.userId, classId, hiddenAt: null };
  expect(may(abilityFor(teacher), 'read', 'ChatSession', session)).toBe(true);
  expect(may(abilityFor(admin), 'read', 'ChatSession', session)).toBe(false);
  expect(may(abilityFor(pupil), 'read', 'ChatSession', session)).toBe(true);
  const classmate = actorFrom(newId('user'), [], [{ classId, role: 'student' }], paths);
  expect(may(abilityFor(classmate), 'read', 'ChatSession', session)).toBe(false);
});

test('a message is hidden from teachers until the hooks have passed it', () => {
  const message = { userId: pupil.userId, classId, hidden: false, shownToStaff: false };
  expect(may(abilityFor(teacher), 'read', 'Message', message)).toBe(false);
  expect(may(abilityFor(teacher), 'read', 'Message', { ...message, shownToStaff: true })).toBe(true);
});

test('a pupil may use a tool given to the class, and never reads its source', () => {
  const tool = { groupId: school, ownerUserId: teacher.userId };
  expect(may(abilityFor(pupil), 'read', 'Tool', { ...tool, givenTo: [classId] })).toBe(true);
  expect(may(abilityFor(pupil), 'read', 'Tool', { ...tool, givenTo: [] })).toBe(false);
  expect(may(abilityFor(pupil), 'read', 'ToolSource', tool)).toBe(false);
  expect(may(abilityFor(pupil), 'create', 'Tool', { ...tool, givenTo: [] })).toBe(false);
});

test('a chat is paused and ended by its pupil and by the class’s own teachers, and nobody else', () => {
  const session = { userId: pupil.userId, classId, hiddenAt: null };
  const stranger = actorFrom(newId('user'), [{ groupId: school, role: 'teacher' }], [], paths);
  for (const who of [pupil, teacher]) {
    expect(may(abilityFor(who), 'update', 'ChatSession', session)).toBe(true);
  }
  for (const who of [admin, stranger]) {
    expect(may(abilityFor(who), 'update', 'ChatSession', session)).toBe(false);
  }
});

test('what was sent to the AI is for administrators of the group, and no teacher or pupil', () => {
  expect(may(abilityFor(admin), 'read', 'RunPrompt', { groupId: school })).toBe(true);
  expect(may(abilityFor(admin), 'read', 'RunPrompt', { groupId: other })).toBe(false);
  expect(may(abilityFor(admin), 'read', 'RunPrompt', { groupId: null })).toBe(false);
  for (const who of [teacher, pupil]) {
    expect(may(abilityFor(who), 'read', 'RunPrompt', { groupId: school })).toBe(false);
  }
});
