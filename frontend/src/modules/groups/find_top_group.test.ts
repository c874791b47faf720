import { expect, test } from 'vitest';
import { findTopGroup } from './find_top_group';

test('the topmost group is found in whatever order they come, and however their labels sort', () => {
  const groups = ['a.b.c', 'z', 'a.b'].map((path) => ({ path }));
  expect(findTopGroup(groups)).toEqual({ path: 'z' });
  expect(findTopGroup([{ path: 'd.b' }, { path: 'd.a' }])).toEqual({ path: 'd.a' });
  expect(findTopGroup([])).toBeUndefined();
});
