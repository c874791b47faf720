import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { RosterConnectionTestZod, RosterFetchInputZod } from '@raptscallions/zod-schemas/roster.zod';
import type { z } from 'zod';
import { AppError } from '../../../lib/app_error';
import type { ReadContext, TenantContext } from '../../../procedures/context';
import { openSchoolSystem } from '../rest/open_school_system';
import { performRosterRunTask } from '../rosters.event';
import { withSourceById } from './with_roster_rights.service';

/** An administrator waits for it. */
const testTimeoutMs = 8_000;

/**
 * Has a school system asked now, and compared; somebody decides about what is shown. Done already counts as done.
 * @throws AppError NOT_FOUND, BAD_REQUEST for a source of files
 */
export async function startRosterFetch(
  ctx: TenantContext,
  { rosterRunId, rosterSourceId, scope }: z.output<typeof RosterFetchInputZod>,
): Promise<void> {
  const { db, tenantId, actor, app } = ctx;
  const source = await withSourceById(ctx, rosterSourceId);
  if (source.kind !== 'rest')
    throw new AppError('BAD_REQUEST', 'This source gets files and cannot be asked.');
  const run = { tenantId, rosterRunId, rosterSourceId, scope, counts: {}, heldReasons: [] };
  await db.rosterRuns
    .insert({
      ...run,
      status: 'open',
      work: 'waiting',
      decision: 'preview',
      trigger: 'hand',
      requestedByUserId: actor.userId,
    })
    .onConflictDoNothing(['tenantId', 'rosterRunId']);
  await app.enqueue(performRosterRunTask, { tenantId, rosterRunId });
}

/**
 * Asks the school system for one organisation, with the address and secret that are stored.
 * @throws AppError NOT_FOUND, BAD_REQUEST for a source of files
 */
export async function testRosterConnection(
  { dbRO, tenantId, actor, app }: ReadContext,
  rosterSourceId: RichId<'rostersource'>,
): Promise<z.output<typeof RosterConnectionTestZod>> {
  const source = await withSourceById({ db: dbRO, tenantId, actor }, rosterSourceId);
  if (source.kind !== 'rest')
    throw new AppError('BAD_REQUEST', 'This source gets files and cannot be asked.');
  const answer = (works: boolean, sentence: string) => ({
    __type: 'RosterConnectionTest' as const,
    works,
    sentence,
  });
  try {
    const options = {
      allowedHosts: app.config.ALLOWED_PRIVATE_HOSTS,
      timeoutMs: testTimeoutMs,
      mostTries: 1,
    };
    await openSchoolSystem({ ...source, ...options, secretBox: app.secretBox }).get('orgs', { limit: '1' });
    return answer(true, 'The school system answers and lets us read.');
  } catch (error) {
    if (error instanceof AppError) return answer(false, error.message);
    throw error;
  }
}
