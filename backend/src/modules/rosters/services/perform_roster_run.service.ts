import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { idFromUuid, type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import {
  RosterConnectionZod,
  rosterDecision,
  rosterFeedScope,
  rosterRunStatus,
  rosterSourceKind,
} from '@raptscallions/zod-schemas/roster.zod';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type pg from 'pg';
import { z } from 'zod';
import { AppError, isDatabaseAway, isSerializationFailure } from '../../../lib/app_error';
import type { Logger } from '../../../lib/logger';
import type { SecretBox } from '../../../lib/secret_box';
import { decideOpenRun } from '../decide_run';
import { processFeed } from '../process_feed';
import { openRosterPackage } from '../read_package';
import { openSchoolSystem } from '../rest/open_school_system';
import { readSchoolSystem } from '../rest/read_school_system';
import { undoOpenRun } from '../undo_run';
import { type OpenSource, SourceBusyError, withRosterSource } from '../with_roster_source';
import { hashFile } from './import_roster.service';

export type RosterTools = {
  databaseUrl: string;
  logger: Logger;
  secretBox: SecretBox;
  /** school systems that may lie on a private network */
  allowedHosts: string[];
  /** between tries; tests shorten it */
  pauseMs?: (tries: number) => number;
};
type RunInput = { tenantId: TenantId; rosterRunId: RichId<'rosterrun'> };

const RunZod = z.tuple([
  z.object({
    status: rosterRunStatus,
    decision: rosterDecision.nullable(),
    kind: rosterSourceKind,
    scope: rosterFeedScope,
    source_id: z.string(),
    connection: RosterConnectionZod.nullable(),
    sealed_secret: z.string().nullable(),
  }),
]);

/**
 * Does what is to be done about a run next, as its row says: reads its feed, applies what was agreed to, or takes
 * it back. Whatever a person can put right ends up in the run's row; being asked twice changes nothing.
 * @throws while another run of the source is on, or the database is away or prefers others, so that the queue asks again
 */
export async function performRosterRun(tools: RosterTools, input: RunInput): Promise<void> {
  const { tenantId, rosterRunId } = input;
  await withRosterSource(tools.databaseUrl, tenantId, { rosterRunId }, async (open) => {
    try {
      await perform(tools, open, input);
    } catch (error) {
      if (error instanceof SourceBusyError || isDatabaseAway(error) || isSerializationFailure(error))
        throw error;
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

async function perform(tools: RosterTools, open: OpenSource, input: RunInput): Promise<void> {
  const { rosterRunId } = input;
  const { databaseUrl } = tools;
  const { rows } = await open.client.query(
    `select r.status, r.decision, r.scope, s.kind, s.roster_source_id source_id, s.connection, s.sealed_secret from public.roster_runs r
      join public.roster_sources s using (tenant_id, roster_source_id) where r.tenant_id = $1 and r.roster_run_id = $2`,
    uuids(input),
  );
  const [run] = RunZod.parse(rows);
  const { status, decision } = run;
  if (status === 'open' && (decision === 'preview' || decision === 'apply') && run.kind === 'rest') {
    const rosterSourceId = idFromUuid('rostersource', run.source_id);
    const system = openSchoolSystem({
      ...tools,
      rosterSourceId,
      connection: run.connection,
      sealedSecret: run.sealed_secret,
    });
    const since = run.scope === 'delta' ? await changesSince(open) : null;
    await open.client.query(
      `update public.roster_runs set feed_started_at = now(), scope = $3 where tenant_id = $1 and roster_run_id = $2`,
      [...uuids(input), since ? 'delta' : 'full'],
    );
    await processFeed(open, { databaseUrl, rosterRunId, decision }, readSchoolSystem(system, since));
  } else if (status === 'open' && (decision === 'preview' || decision === 'apply')) {
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

/** Clocks differ, and a record may be written a while before it is seen. */
const overlap = '1 hour';
const SinceZod = z.array(z.object({ since: z.date().nullable() }));

/**
 * From where a delta goes on: the beginning of the last run that was applied, by the database's clock and not by
 * the moment anything ended. null: nothing was applied yet, so everything has to be asked for.
 */
async function changesSince({ client, source }: OpenSource): Promise<Date | null> {
  const { rows } = await client.query(
    `select max(feed_started_at) - interval '${overlap}' as since from public.roster_runs
    where tenant_id = $1 and roster_source_id = $2 and status = 'applied'`,
    [source.tenantUuid, source.sourceUuid],
  );
  return SinceZod.parse(rows)[0]?.since ?? null;
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
