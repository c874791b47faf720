import type { GroupId } from './group.zod';
import { uuidFromId } from './rich_id';

/** The path of a group: labels made of ids, so that renaming moves nothing and no name can break the syntax. */
export function groupPath(parentPath: string | null, groupId: GroupId): string {
  const label = `g${uuidFromId('group', groupId).replaceAll('-', '')}`;
  return parentPath === null ? label : `${parentPath}.${label}`;
}

/** Whether the group at `path` lies in or below the one at `top`. */
export function liesIn(path: string, top: string): boolean {
  return path === top || path.startsWith(`${top}.`);
}
