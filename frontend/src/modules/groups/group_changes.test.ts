import type { Group } from '@raptscallions/zod-schemas/group.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import { expect, test } from 'vitest';
import { erasesSooner, formOf, groupChanges } from './group_changes';

const logo = 'data:image/png;base64,AAAA';
const opened: Group = {
  groupId: newId('group'),
  parentGroupId: null,
  name: 'Alder Row',
  kind: 'school',
  path: 'a.b',
  settings: { theme: { accent: 'plum', logo }, retentionDays: 400 },
  createdAt: 0,
  updatedAt: 0,
};
const { groupId } = opened;
const before = formOf(opened);

test('a new name is sent alone: what others changed since stays as they left it', () => {
  expect(groupChanges(before, { ...before, name: 'Alder' }, opened)).toEqual({ groupId, name: 'Alder' });
  expect(groupChanges(before, before, opened)).toBeNull();
});

test('a new colour goes with the logo of now, and the last part of a theme takes the theme along', () => {
  const now: Group = {
    ...opened,
    settings: { theme: { accent: 'brick', logo: 'data:image/png;base64,BBBB' } },
  };
  expect(groupChanges(before, { ...before, accent: 'lagoon' }, now)).toEqual({
    groupId,
    theme: { accent: 'lagoon', logo: 'data:image/png;base64,BBBB' },
  });
  const plain: Group = { ...opened, settings: { theme: { accent: 'plum' } } };
  expect(groupChanges(formOf(plain), { ...formOf(plain), accent: undefined }, plain)).toEqual({
    groupId,
    theme: null,
  });
});

test.each([
  ['fewer days', 400, null, 30, 30],
  ['more days', 400, null, 500, null],
  ['any where there were none', undefined, null, 365, 365],
  ['none where those above say fewer', 400, 90, null, 90],
  ['none where those above say more', 400, 900, null, null],
  ['none where nobody above says any', 400, null, null, null],
])('%s: whether chats are erased sooner', (_, own, above, chosen, days) => {
  const top = { path: 'a', settings: above === null ? {} : { retentionDays: above } };
  const group = { path: 'a.b', settings: own === undefined ? {} : { retentionDays: own } };
  const below = { path: 'a.b.c', settings: { retentionDays: 31 } };
  expect(erasesSooner(group, chosen, [top, group, below])).toBe(days);
});
