import type { GroupTheme } from '@raptscallions/zod-schemas/group.zod';
import { groupPath } from '@raptscallions/zod-schemas/group_path';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { expect, test } from 'vitest';
import { findTheme } from './find_theme';

const logo = 'data:image/png;base64,AAAA';
const make = (parentPath: string | null, theme?: GroupTheme) => {
  const groupId = newId('group');
  return { groupId, path: groupPath(parentPath, groupId), settings: theme ? { theme } : {} };
};

test('each part of a theme comes from the nearest group upwards that has it', () => {
  const district = make(null, { accent: 'brick', logo });
  const school = make(district.path, { accent: 'plum' });
  const department = make(school.path);
  const sibling = make(district.path, { accent: 'lagoon' });
  const groups = [district, school, department, sibling];
  expect(findTheme([department.groupId], groups)).toEqual({ accent: 'plum', logo });
  expect(findTheme([district.groupId], groups)).toEqual({ accent: 'brick', logo });
  expect(findTheme([], groups)).toEqual({});
});
