import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { undoOpenRun } from '../undo_run';
import { type SourceName, withRosterSource } from '../with_roster_source';

/**
 * Takes back the last applied run of a source, as {@link undoOpenRun}.
 * @returns how many records went back
 */
export async function undoRoster(
  databaseUrl: string,
  tenantId: TenantId,
  source: SourceName,
): Promise<number> {
  return withRosterSource(databaseUrl, tenantId, source, (open) => undoOpenRun(open));
}
