import type { Group } from '@raptscallions/zod-schemas/group.zod';

/** The group nearest to the top of the tree; of several at one height, the first by its path. */
export function findTopGroup<G extends Pick<Group, 'path'>>(groups: readonly G[]): G | undefined {
  const depthOf = ({ path }: G) => path.split('.').length;
  return groups.toSorted((a, b) => depthOf(a) - depthOf(b) || (a.path < b.path ? -1 : 1))[0];
}
