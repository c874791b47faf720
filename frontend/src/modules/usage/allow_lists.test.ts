import type { Group } from '@raptscallions/zod-schemas/group.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { expect, test } from 'vitest';
import { allowListsOf } from './allow_lists';

const group = (path: string, enabledModels?: string[]): Group => ({
  groupId: newId('group'),
  parentGroupId: null,
  name: path,
  kind: 'custom',
  path,
  settings: enabledModels ? { enabledModels } : {},
  createdAt: 1,
  updatedAt: 1,
});

test('the lists of a group and all above it count, the nearest first; those beside it do not', () => {
  const [top, school, sibling, department] = [
    group('a', ['x', 'y']),
    group('a.b', ['x']),
    group('a.bc', ['never']),
    group('a.b.c'),
  ];
  const groups = [top, school, sibling, department];
  expect(allowListsOf(groups, department.groupId)).toEqual([['x'], ['x', 'y']]);
  expect(allowListsOf(groups, newId('group'))).toEqual([]);
  expect(allowListsOf(groups, null)).toEqual([]);
});
