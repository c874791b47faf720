import { syncTables } from '@raptscallions/zod-schemas/sync_table';
import type { DeltaRow } from './delta_sql';

const { users, groups, classes, groupMembers, classMembers } = syncTables;
const ofPerson = new Set<number>([users.number, groupMembers.number, classMembers.number]);
const pathColumn = Object.keys(groups.row.shape).indexOf('path');

/** `holders`: of the scope in which the row stands. `admins`, `tenant`: of the row's tenant. */
export type Concerned = 'nobody' | 'holders' | 'admins' | 'tenant';

/**
 * Whose scopes a change may have changed; the counterpart of `scopes_of_user.service.ts`. A renamed class or
 * classmate must not make a whole school be caught up.
 */
export class RightsChanges {
  /** where each group stood when it was last heard of, by the uuids of its tenant and its own */
  private readonly paths = new Map<string, string>();

  concern(row: DeltaRow): Concerned {
    if (ofPerson.has(row.tbl)) return row.scope.startsWith('user:') ? 'holders' : 'nobody';
    if (row.tbl === classes.number) return row.body === null ? 'holders' : 'nobody';
    if (row.tbl !== groups.number || !this.hasMoved(row)) return 'nobody';
    // A new group has nobody in it yet, and stands in no scope that even the administrator above it holds.
    return Number(row.rev) === 1 && row.body !== null ? 'admins' : 'tenant';
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
