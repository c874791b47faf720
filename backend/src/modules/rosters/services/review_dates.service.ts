import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { settleRoster } from '../settle/settle_roster';
import { type SourceName, withRosterSource } from '../with_roster_source';

/**
 * Opens and closes the memberships of a source whose dates say so today; to be called once a day, as a feed may
 * pause for weeks while terms begin and end.
 * @throws AppError CONFLICT while a run of the source is on
 */
export async function reviewRosterDates(
  databaseUrl: string,
  tenantId: TenantId,
  source: SourceName,
): Promise<void> {
  await withRosterSource(databaseUrl, tenantId, source, ({ client, source, inTransaction }) =>
    inTransaction(() => settleRoster(client, source, 'dates')),
  );
}
