import { syncTables } from '@raptscallions/zod-schemas/sync_table';
import type { DeltaRow } from './delta_sql';

const { users, groups, classes, groupMembers, classMembers } = syncTables;
const pathColumn = Object.keys(groups.row.shape).indexOf('path');
const memberColumn = Object.keys(classMembers.row.shape).indexOf('userId');

/** `holders`: of the scope in which the row stands. `admins`, `tenant`: of the row's tenant. Or one person. */
export type Concerned = 'nobody' | 'holders' | 'admins' | 'tenant' | { userUuid: string };

/**
 * Whose scopes a change may have changed; the counterpart of `scopes_of_user.service.ts`. A renamed class or
 * classmate must not make a whole school be caught up.
 */
export class RightsChanges {
  /** where each group stood when it was last heard of, by the uuids of its tenant and its own */
  private readonly paths = new Map<string, string>();

  concern(row: DeltaRow): Concerned {
    if (row.tbl === classMembers.number) return newcomer(row);
    if (row.tbl === users.number && hasLeftClass(row)) return { userUuid: row.row_id };
    if (row.tbl === users.number || row.tbl === groupMembers.number)
      return row.scope.startsWith('user:') ? 'holders' : 'nobody';
    if (row.tbl === classes.number) return row.body === null ? 'holders' : 'nobody';
    if (row.tbl !== groups.number || !this.hasMoved(row)) return 'nobody';
    // A new group has nobody in it yet, and stands in no scope that even the administrator above it holds.
    return Number(row.rev) === 1 && row.body !== null ? 'admins' : 'tenant';
  }

  /** Something was not heard: a group that was moved meanwhile and comes back would seem to have stayed. */
  forget(): void {
    this.paths.clear();
  }

  private hasMoved({ tenant_id: tenantUuid, row_id: groupUuid, body }: DeltaRow): boolean {
    const key = `${tenantUuid} ${groupUuid}`;
    const path: unknown = body === null ? undefined : JSON.parse(body)[pathColumn];
    if (typeof path !== 'string') {
      this.paths.delete(key);
      return true;
    }
    const moved = this.paths.get(key) !== path;
    this.paths.set(key, path);
    return moved;
  }
}

/** Who came into a class, or has another role there. A membership that is gone names nobody any more. */
function newcomer({ scope, body }: DeltaRow): Concerned {
  if (body === null || !scope.startsWith('class:')) return 'nobody';
  const userUuid: unknown = JSON.parse(body)[memberColumn];
  return typeof userUuid === 'string' ? { userUuid } : 'nobody';
}

/** With the membership its person goes out of the class, and their row names them. */
function hasLeftClass({ scope, body }: DeltaRow): boolean {
  return body === null && scope.startsWith('class:');
}
