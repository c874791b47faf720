import type { RosterDecideInputZod } from '@raptscallions/zod-schemas/roster.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { performRosterRunTask } from '../rosters.event';
import { withRosterRunById } from './with_roster_rights.service';

/**
 * A person's word about a run; a worker carries it out, as that may take a minute.
 * @throws AppError NOT_FOUND, CONFLICT when the run is in no state for it or somebody has decided already
 */
export async function askRosterDecision(
  ctx: TenantContext,
  { rosterRunId, decision }: z.output<typeof RosterDecideInputZod>,
): Promise<void> {
  const { db, tenantId, actor, app } = ctx;
  const run = await withRosterRunById(ctx, rosterRunId);
  const fits = decision === 'undo' ? ['applied'] : ['held', 'diffed'];
  if (!fits.includes(run.status) || run.decision !== null) {
    throw new AppError('CONFLICT', 'This run is in no state for that any more. Look at it again.');
  }
  const one = db.rosterRuns.findBy(stored({ tenantId, rosterRunId }));
  if (decision === 'discard') {
    await one.update({ status: 'discarded', decidedByUserId: actor.userId, finishedAt: Date.now() });
    return;
  }
  await one.update({ work: 'waiting', decision, decidedByUserId: actor.userId, failure: null });
  await app.enqueue(performRosterRunTask, { tenantId, rosterRunId });
}
