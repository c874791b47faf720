import type { Group, GroupId } from '@raptscallions/zod-schemas/group.zod';

/** What a group and those above it allow, the most specific first; a group without a list allows what they do. */
export function allowListsOf(groups: readonly Group[], groupId: GroupId | null): string[][] {
  const own = groups.find((group) => group.groupId === groupId);
  if (!own) return [];
  return groups
    .filter(({ path }) => own.path === path || own.path.startsWith(`${path}.`))
    .sort((a, b) => b.path.length - a.path.length)
    .flatMap(({ settings }) => (settings.enabledModels ? [settings.enabledModels] : []));
}
