import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { rosterDecision, rosterRunStatus, rosterSourceKind } from '@raptscallions/zod-schemas/roster.zod';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type pg from 'pg';
import { z } from 'zod';
import { AppError, isDatabaseAway } from '../../../lib/app_error';
import type { Logger } from '../../../lib/logger';
import { decideOpenRun } from '../decide_run';
import { processFeed } from '../process_feed';
import { openRosterPackage } from '../read_package';
import { undoOpenRun } from '../undo_run';
import { type OpenSource, SourceBusyError, withRosterSource } from '../with_roster_source';
import { hashFile } from './import_roster.service';

export type RosterTools = { databaseUrl: string; logger: Logger };
type RunInput = { tenantId: TenantId; rosterRunId: RichId<'rosterrun'> };

const RunZod = z.tuple([
  z.object({
    status: rosterRunStatus,
    decision: rosterDecision.nullable(),
    kind: rosterSourceKind,
  }),
]);

/**
 * Does what is to be done about a run next, as its row says: reads its feed, applies what was agreed to, or takes
 * it back. Whatever a person can put right ends up in the run's row; being asked twice changes nothing.
 * @throws while another run of the source is on or the database is away, so that the queue asks again
 */
export async function performRosterRun(tools: RosterTools, input: RunInput): Promise<void> {
  const { tenantId, rosterRunId } = input;
  await withRosterSource(tools.databaseUrl, tenantId, { rosterRunId }, async (open) => {
    try {
      await perform(tools, open, input);
    } catch (error) {
      if (error instanceof SourceBusyError || isDatabaseAway(error)) throw error;
      if (!(error instanceof AppError))
        tools.logger.error({ err: error, rosterRunId }, 'a roster run failed');
      const failure =
        error instanceof AppError
          ? error.message
          : 'Something went wrong on the server. Nothing was changed.';
      await open.client.query(
        `update public.roster_runs set work = null, decision = null, failure = $3, finished_at = now(), updated_at = now(),
          status = case when status = 'open' then 'failed' else status end where tenant_id = $1 and roster_run_id = $2`,
        [...uuids(input), failure],
      );
    }
    const done = `delete from public.roster_packages p where p.tenant_id = $1 and p.roster_run_id = $2`;
    await open.client.query(done, uuids(input));
  });
}

async function perform({ databaseUrl }: RosterTools, open: OpenSource, input: RunInput): Promise<void> {
  const { rosterRunId } = input;
  const { rows } = await open.client.query(
    `select r.status, r.decision, s.kind from public.roster_runs r
      join public.roster_sources s using (tenant_id, roster_source_id) where r.tenant_id = $1 and r.roster_run_id = $2`,
    uuids(input),
  );
  const [run] = RunZod.parse(rows);
  const { status, decision } = run;
  if (status === 'open' && (decision === 'preview' || decision === 'apply')) {
    await withPackage(open.client, input, async (zipPath) => {
      await open.client.query(
        `update public.roster_runs set file_hash = $3, feed_started_at = now() where tenant_id = $1 and roster_run_id = $2`,
        [...uuids(input), await hashFile(zipPath)],
      );
      const pack = await openRosterPackage(zipPath);
      try {
        await processFeed(open, { databaseUrl, rosterRunId, decision }, pack);
      } finally {
        pack.close();
      }
    });
  } else if (
    (status === 'held' || status === 'diffed') &&
    (decision === 'approve' || decision === 'additions_only')
  ) {
    await tell(open.client, input);
    await decideOpenRun(open, { rosterRunId, decision });
  } else if (status === 'applied' && decision === 'undo') {
    await tell(open.client, input);
    await undoOpenRun(open, rosterRunId);
  }
}

function tell(client: pg.Client, input: RunInput) {
  return client.query(
    `update public.roster_runs set work = 'applying', failure = null where tenant_id = $1 and roster_run_id = $2`,
    uuids(input),
  );
}

/** Puts the uploaded parts together in a file of this machine for as long as `work` needs it. */
async function withPackage(
  client: pg.Client,
  input: RunInput,
  work: (zipPath: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rapt-roster-'));
  async function* parts() {
    for (let part = 0; ; part++) {
      const { rows } = await client.query(
        'select bytes from public.roster_packages where tenant_id = $1 and roster_run_id = $2 and part = $3',
        [...uuids(input), part],
      );
      const [found] = z.array(z.object({ bytes: z.instanceof(Buffer) })).parse(rows);
      if (!found) return;
      yield found.bytes;
    }
  }
  try {
    const zipPath = path.join(folder, 'package.zip');
    await pipeline(Readable.from(parts()), createWriteStream(zipPath));
    await work(zipPath);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function uuids({ tenantId, rosterRunId }: RunInput): [string, string] {
  return [uuidFromId('tenant', tenantId), uuidFromId('rosterrun', rosterRunId)];
}
