import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { type UserId, userId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { storedId, storedIds } from '../../../db/stored_id';

/** $1 tenant, $2 people: what was merged into them. The log is the only place that says so, and nobody can change it. */
const mergedSql = `
  select details->>'duplicateUserId' as id from audit_entries
  where tenant_id = $1 and action = 'people.merge' and subject_user_id = any ($2::uuid[])`;

/**
 * The accounts of a person: theirs, and those that were closed because they were merged into it, which still hold a
 * name and trails. Read it before the log is cleared.
 */
export async function listAccounts(db: Db, tenantId: TenantId, person: UserId): Promise<UserId[]> {
  const accounts = new Set([person]);
  let newest = [person];
  while (newest.length > 0) {
    const rows = await runSql<{ id: string | null }>(db, mergedSql, [storedId(tenantId), storedIds(newest)]);
    newest = rows
      .flatMap(({ id }) => userId.safeParse(id).data ?? [])
      .filter((account) => !accounts.has(account));
    for (const account of newest) accounts.add(account);
  }
  return [...accounts];
}
