import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import type { RosterReadInputZod, RosterUploadInputZod } from '@raptscallions/zod-schemas/roster.zod';
import type { z } from 'zod';
import { stored } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { TenantContext } from '../../../procedures/context';
import { performRosterRunTask } from '../rosters.event';
import { withRosterRunById, withSourceById } from './with_roster_rights.service';

/**
 * Begins an upload: a run that waits for the parts of its file. Done already counts as done.
 * @throws AppError NOT_FOUND, BAD_REQUEST for a source that is asked over the network
 */
export async function startRosterUpload(
  ctx: TenantContext,
  { rosterRunId, rosterSourceId, fileName }: z.output<typeof RosterUploadInputZod>,
): Promise<void> {
  const { db, tenantId, actor } = ctx;
  const source = await withSourceById(ctx, rosterSourceId);
  if (source.kind !== 'csv') throw new AppError('BAD_REQUEST', 'This source is asked over the network.');
  await db.rosterRuns
    .insert({
      tenantId,
      rosterRunId,
      rosterSourceId,
      fileName,
      status: 'open',
      trigger: 'upload',
      counts: {},
      heldReasons: [],
      requestedByUserId: actor.userId,
    })
    .onConflictDoNothing(['tenantId', 'rosterRunId']);
}

/**
 * Keeps one part of the file; sent again, it replaces what came before.
 * @throws AppError NOT_FOUND, CONFLICT once the file is being read
 */
export async function storeRosterPart(
  ctx: Pick<TenantContext, 'db' | 'tenantId' | 'actor'>,
  rosterRunId: RichId<'rosterrun'>,
  part: number,
  bytes: Buffer,
): Promise<void> {
  const { db, tenantId } = ctx;
  await withUpload(ctx, rosterRunId);
  await db.rosterPackages
    .insert({ tenantId, rosterRunId, part, bytes })
    .onConflict(['tenantId', 'rosterRunId', 'part'])
    .merge(['bytes']);
}

/**
 * The file is complete: has it read and compared; somebody decides about what is shown.
 * @throws AppError NOT_FOUND, BAD_REQUEST when parts are missing, CONFLICT when it is being read already
 */
export async function readRosterUpload(
  ctx: TenantContext,
  { rosterRunId, parts }: z.output<typeof RosterReadInputZod>,
): Promise<void> {
  const { db, tenantId, app } = ctx;
  await withUpload(ctx, rosterRunId);
  const stands = await db.rosterPackages.where(stored({ tenantId, rosterRunId })).count();
  if (stands !== parts) {
    throw new AppError('BAD_REQUEST', `Of ${parts} parts of the file ${stands} have come. Send the rest.`);
  }
  await db.rosterRuns
    .findBy(stored({ tenantId, rosterRunId }))
    .update({ work: 'waiting', decision: 'preview', rowsRead: 0 });
  await app.enqueue(performRosterRunTask, { tenantId, rosterRunId });
}

async function withUpload(
  ctx: Pick<TenantContext, 'db' | 'tenantId' | 'actor'>,
  rosterRunId: RichId<'rosterrun'>,
) {
  const run = await withRosterRunById(ctx, rosterRunId);
  if (run.status !== 'open' || run.work !== null || run.trigger !== 'upload') {
    throw new AppError('CONFLICT', 'The file of this run has been read already. Begin another upload.');
  }
}
