import { idFromUuid, type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { z } from 'zod';
import { AppError } from '../../lib/app_error';
import { recordIssues } from './roster_record';
import { settleRoster } from './settle/settle_roster';
import { createRunTables } from './stage_feed';
import type { OpenSource } from './with_roster_source';

export type DecideOpenInput = {
  /** unless given: the newest run that waits */
  rosterRunId?: RichId<'rosterrun'>;
  decision: 'approve' | 'additions_only' | 'discard';
  /** what was decided about; anything but the file that was looked at is refused */
  fileHash?: string;
};
export type Decided = {
  rosterRunId: RichId<'rosterrun'>;
  status: 'applied' | 'discarded';
  operations: number;
};

const RunZod = z.object({ id: z.string(), file_hash: z.string().nullable() });

/**
 * A person's word about a run that was read and waits: exactly the operations that were shown are applied, from
 * the run's own record, so that nothing else can be applied by it.
 * @throws AppError NOT_FOUND when no such run waits, CONFLICT when it is about another file, or when the source
 * has changed since it was compared
 */
export async function decideOpenRun(open: OpenSource, input: DecideOpenInput): Promise<Decided> {
  const { client, source, inTransaction } = open;
  const { decision, fileHash } = input;
  if (decision !== 'discard') await createRunTables(client);
  return inTransaction(async () => {
    // Locked: the sweep lets go of the records of runs that have waited for too long, piece by piece.
    const { rows } = await client.query(
      `select roster_run_id id, file_hash from public.roster_runs where tenant_id = $1 and roster_source_id = $2
        and status in ('held', 'diffed') and records_kept and ($3::uuid is null or roster_run_id = $3)
      order by created_at desc, roster_run_id desc limit 1 for update`,
      [
        source.tenantUuid,
        source.sourceUuid,
        input.rosterRunId ? uuidFromId('rosterrun', input.rosterRunId) : null,
      ],
    );
    const [run] = z.array(RunZod).parse(rows);
    if (!run) throw new AppError('NOT_FOUND', 'No run of this source waits for a decision.');
    if (fileHash !== undefined && fileHash !== run.file_hash) {
      throw new AppError('CONFLICT', 'This is not the file of the run that waits. Preview this one first.');
    }
    if (decision !== 'discard') await refuseOutdated(open, run.id);
    const status = decision === 'discard' ? 'discarded' : 'applied';
    const operations = decision === 'discard' ? 0 : await applyRecords(open, run.id, decision);
    await client.query(
      `update public.roster_runs set status = $3, work = null, decision = null, finished_at = now(), updated_at = now()
      where tenant_id = $1 and roster_run_id = $2`,
      [source.tenantUuid, run.id, status],
    );
    return { rosterRunId: idFromUuid('rosterrun', run.id), status, operations };
  });
}

/** Carries out what a run recorded. @returns how many operations that were */
async function applyRecords(
  open: OpenSource,
  runUuid: string,
  decision: 'approve' | 'additions_only',
): Promise<number> {
  const { client, source } = open;
  const ids = [source.tenantUuid, runUuid];
  if (decision === 'additions_only') {
    // What is not done is not kept either: an undo goes back by what was done.
    await client.query(
      `delete from public.roster_diffs where tenant_id = $1 and roster_run_id = $2 and op not in ('add', 'reactivate')`,
      ids,
    );
  }
  const loaded = await client.query(
    `insert into roster_op (entity, sourced_id, row_number, op, before, after)
    select entity, sourced_id, row_number, op, before, after from public.roster_diffs
    where tenant_id = $1 and roster_run_id = $2`,
    ids,
  );
  await client.query('analyze roster_op');
  await refuseStale(open);
  await settleRoster(client, source, 'records');
  await recordIssues(client, source, runUuid);
  return loaded.rowCount ?? 0;
}

/** What has been applied or taken back since speaks for the school system as it is now, and the older run does not. */
async function refuseOutdated({ client, source }: OpenSource, runUuid: string): Promise<void> {
  const { rowCount } = await client.query(
    `select from public.roster_runs x join public.roster_runs r on r.tenant_id = x.tenant_id
      and r.roster_source_id = x.roster_source_id and r.roster_run_id = $3
    where x.tenant_id = $1 and x.roster_source_id = $2 and x.status in ('applied', 'undo')
      and x.finished_at > r.finished_at limit 1`,
    [source.tenantUuid, source.sourceUuid, runUuid],
  );
  if (rowCount) throw new AppError('CONFLICT', changedSince);
}

const changedSince =
  'This source has changed since the file was compared. Read it again to see what it would do now.';
const StaleZod = z.tuple([z.object({ stale: z.boolean() })]);

/** The preview a person agreed to speaks of records as they were then. */
async function refuseStale({ client, source }: OpenSource): Promise<void> {
  const { rows } = await client.query(
    `select exists (select from roster_op o left join public.external_refs r on r.tenant_id = $1
      and r.roster_source_id = $2 and r.entity = o.entity and r.sourced_id = o.sourced_id
    where r.data is distinct from o.before
      or (o.op in ('add', 'reactivate')) <> (r.sourced_id is null or r.ended_at is not null)) as stale`,
    [source.tenantUuid, source.sourceUuid],
  );
  const [{ stale }] = StaleZod.parse(rows);
  if (stale) throw new AppError('CONFLICT', changedSince);
}
