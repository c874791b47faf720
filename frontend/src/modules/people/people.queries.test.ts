import 'fake-indexeddb/auto';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deleteLocalDb, type LocalDb, openLocalDb } from '../../local_db/local_db';
import { findAdded, findPeople, readPeople, readPerson, readTakenNames } from './people.queries';

const stamps = { createdAt: 0, updatedAt: 0, $rev: 1, $scopes: ['s'] };
const [ada, namesake, groupId] = [newId('user'), newId('user'), newId('group')];
let db: LocalDb;

beforeEach(async () => {
  db = openLocalDb(ada);
  await db.groups.put({
    groupId,
    parentGroupId: null,
    name: 'Alder Row',
    kind: 'school',
    path: 'alder',
    settings: {},
    ...stamps,
  });
  await db.users.bulkPut([
    { userId: ada, name: 'Ada Bell', status: 'active', ...stamps },
    { userId: namesake, name: 'Ada Bell', status: 'suspended', ...stamps },
  ]);
  await db.userContacts.bulkPut([
    { userId: ada, email: 'ada@school.example', username: null, ...stamps },
    { userId: namesake, email: null, username: 'Ada.B', ...stamps },
  ]);
  await db.groupMembers.put({
    groupMemberId: newId('groupmember'),
    groupId,
    userId: ada,
    role: 'student',
    ...stamps,
  });
});
afterEach(async () => {
  db.close();
  await deleteLocalDb(ada);
});

test('an opened person is read whatever the list is narrowed to, and is null once they are gone', async () => {
  const narrow = { search: '', groupId: null, role: 'teacher' as const, status: null };
  expect(await readPeople(db, narrow)).toEqual([]);
  const memberships = [{ groupName: 'Alder Row', role: 'student' }];
  expect(await readPerson(db, ada)).toMatchObject({ email: 'ada@school.example', memberships });
  await db.users.delete(ada);
  expect(await readPerson(db, ada)).toBeNull();
});

test('namesakes are all found, those in no group too, and nobody without a word', async () => {
  const found = await findPeople(db, 'bell ADA');
  expect(found.map(({ user }) => user.userId).sort()).toEqual([ada, namesake].sort());
  expect((await findPeople(db, 'ada.b')).map(({ user }) => user.userId)).toEqual([namesake]);
  expect(await findPeople(db, ' ')).toEqual([]);
});

test('somebody whose adding was not answered is known again by name and sign-in, and nobody else is', async () => {
  expect(await findAdded(db, { name: 'Ada Bell', username: 'ada.b' })).toBe(namesake);
  expect(await findAdded(db, { name: 'Ada Bell', email: 'ada@school.example' })).toBe(ada);
  expect(await findAdded(db, { name: 'Ada Belle', username: 'ada.b' })).toBeUndefined();
  expect(await findAdded(db, { name: 'Ada Bell', username: 'ada.c' })).toBeUndefined();
  expect(await readTakenNames(db)).toEqual(new Set(['ada@school.example', 'ada.b']));
});
