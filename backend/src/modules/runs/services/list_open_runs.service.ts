import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { Db } from '../../../db/db';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { storedIds } from '../../../db/stored_id';

const openSql = prepareSql(
  'open_runs',
  `
  select r.user_id, array_agg(r.run_id::text) as run_ids
  from unnest($1::uuid[], $2::uuid[]) o(tenant_id, user_id)
  join runs r on r.tenant_id = o.tenant_id and r.user_id = o.user_id
  where r.status in ('pending', 'processing') group by r.user_id`,
);

/**
 * The uuids of people's own runs whose answers are still to come, for the streams of their browsers; by the uuid of
 * the person. One query, however many people.
 * @param db of the system role: they may be of many schools
 */
export async function listOpenRuns(
  db: Db,
  owners: { tenantId: TenantId; userId: UserId }[],
): Promise<Map<string, string[]>> {
  const rows = await runSql<{ user_id: string; run_ids: string[] }>(db, openSql, [
    storedIds(owners.map(({ tenantId }) => tenantId)),
    storedIds(owners.map(({ userId }) => userId)),
  ]);
  return new Map(rows.map((row) => [row.user_id, row.run_ids]));
}
