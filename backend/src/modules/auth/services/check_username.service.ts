import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';

/**
 * Nobody else's name in any case: it is typed in any, and rosters bring capitals.
 * @param systemDb of the system role: behind the wall no index is used for `lower`, which might tell what it is given
 * @param username in small letters
 * @throws AppError CONFLICT
 */
export async function checkUsername(systemDb: Db, tenantId: TenantId, username: string): Promise<void> {
  const taken = await runSql(
    systemDb,
    'select from user_contacts where tenant_id = $1 and lower(username) = $2 and deleted_at is null',
    [storedId(tenantId), username],
  );
  if (taken.length > 0) throw new AppError('CONFLICT', 'This user name is taken.');
}
