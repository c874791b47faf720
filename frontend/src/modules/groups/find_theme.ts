import type { Group, GroupId, GroupTheme } from '@raptscallions/zod-schemas/group.zod';
import { liesIn } from '@raptscallions/zod-schemas/group_path';

type GroupRow = Pick<Group, 'groupId' | 'path' | 'settings'>;

/**
 * How things look for somebody whose groups these are: of the deepest of them, each part from the nearest group
 * upwards that says anything about it.
 */
export function findTheme(own: readonly GroupId[], groups: readonly GroupRow[]): GroupTheme {
  const mine = groups.filter(({ groupId }) => own.includes(groupId));
  const [deepest] = mine.sort((a, b) => b.path.length - a.path.length || (a.path < b.path ? -1 : 1));
  if (!deepest) return {};
  const upwards = groups
    .filter(({ path }) => liesIn(deepest.path, path))
    .sort((a, b) => b.path.length - a.path.length)
    .map(({ settings }) => settings.theme ?? {});
  return {
    accent: upwards.find(({ accent }) => accent)?.accent,
    logo: upwards.find(({ logo }) => logo)?.logo,
  };
}
