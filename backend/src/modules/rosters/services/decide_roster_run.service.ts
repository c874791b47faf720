import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { type Decided, type DecideOpenInput, decideOpenRun } from '../decide_run';
import { type SourceName, withRosterSource } from '../with_roster_source';

export type DecideInput = DecideOpenInput & { tenantId: TenantId; source: SourceName };

/** A person's word about a run that waits, as {@link decideOpenRun}, with the source held meanwhile. */
export async function decideRosterRun(databaseUrl: string, input: DecideInput): Promise<Decided> {
  return withRosterSource(databaseUrl, input.tenantId, input.source, (open) => decideOpenRun(open, input));
}
