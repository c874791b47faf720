import { syncTables } from '@raptscallions/zod-schemas/sync_table';
import { expect, test } from 'vitest';
import type { DeltaRow } from './delta_sql';
import { RightsChanges } from './rights_changes';

type Table = keyof typeof syncTables;

function row(table: Table, scope: string, rev: number, columns: Record<string, unknown> | null): DeltaRow {
  const body =
    columns && JSON.stringify(Object.keys(syncTables[table].row.shape).map((name) => columns[name]));
  const id = '01a1fd14-0000-7000-8000-000000000001';
  return {
    tenant_id: id,
    scope,
    tbl: syncTables[table].number,
    row_id: id,
    rev: String(rev),
    xid: '1',
    body,
  };
}

test('a renamed class, classmate or group and whatever happens in a chat concern nobody', () => {
  const rights = new RightsChanges();
  expect(rights.concern(row('classes', 'class:1', 2, { name: 'New' }))).toBe('nobody');
  expect(rights.concern(row('users', 'class:1', 2, { name: 'New' }))).toBe('nobody');
  expect(rights.concern(row('messages', 'class:1:staff', 1, {}))).toBe('nobody');
  rights.concern(row('groups', 'group:1', 2, { path: 'a.b' }));
  expect(rights.concern(row('groups', 'group:1', 3, { path: 'a.b', name: 'New' }))).toBe('nobody');
});

test('a membership concerns its person only, come, changed or gone', () => {
  const rights = new RightsChanges();
  for (const columns of [{}, null]) {
    expect(rights.concern(row('groupMembers', 'user:1', 1, columns))).toBe('holders');
    expect(rights.concern(row('groupMembers', 'group:1:staff', 1, columns))).toBe('nobody');
  }
  expect(rights.concern(row('users', 'user:1', 2, {}))).toBe('holders');
  expect(rights.concern(row('classMembers', 'class:1', 1, { userId: 'pupil' }))).toEqual({
    userUuid: 'pupil',
  });
  expect(rights.concern(row('classMembers', 'group:1:staff', 1, { userId: 'pupil' }))).toBe('nobody');
  // Gone, it names nobody: its person's row, which leaves the class with it, does.
  expect(rights.concern(row('classMembers', 'class:1', 2, null))).toBe('nobody');
  const left = row('users', 'class:1', 1, null);
  expect(rights.concern(left)).toEqual({ userUuid: left.row_id });
});

test('a class that is put away concerns all who hold it', () => {
  expect(new RightsChanges().concern(row('classes', 'class:1', 2, null))).toBe('holders');
});

test('a new group concerns administrators; one that moves, goes or comes back, everybody', () => {
  const rights = new RightsChanges();
  expect(rights.concern(row('groups', 'group:1', 1, { path: 'a.b' }))).toBe('admins');
  expect(rights.concern(row('groups', 'group:1', 2, { path: 'a.c' }))).toBe('tenant');
  expect(rights.concern(row('groups', 'group:1', 2, null))).toBe('tenant');
  expect(rights.concern(row('groups', 'group:1', 4, { path: 'a.c' }))).toBe('tenant');
});

test('after something was not heard, a group that stands where it was last heard of may have moved and come back', () => {
  const rights = new RightsChanges();
  rights.concern(row('groups', 'group:1', 2, { path: 'a.b' }));
  expect(rights.concern(row('groups', 'group:1', 3, { path: 'a.b' }))).toBe('nobody');
  rights.forget();
  expect(rights.concern(row('groups', 'group:1', 5, { path: 'a.b' }))).toBe('tenant');
});
