import { newId, type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { z } from 'zod';
import { AppError } from '../../lib/app_error';
import { recordIssues } from './roster_record';
import { settleRoster } from './settle/settle_roster';
import { createRunTables } from './stage_feed';
import type { OpenSource } from './with_roster_source';

/**
 * Takes back the last applied run of a source by its own record of before and after.
 * @param rosterRunId the run somebody means; when another has been applied since, nothing is done
 * @returns how many records went back
 * @throws AppError NOT_FOUND when nothing is left to take back, CONFLICT when it was not the last one
 */
export async function undoOpenRun(
  { client, source, inTransaction }: OpenSource,
  rosterRunId?: RichId<'rosterrun'>,
): Promise<number> {
  await createRunTables(client);
  return inTransaction(async () => {
    const last = await client.query(
      `update public.roster_runs set status = 'undone', work = null, decision = null, updated_at = now()
        where tenant_id = $1 and roster_run_id = (select roster_run_id from public.roster_runs
          where tenant_id = $1 and roster_source_id = $2 and status = 'applied'
          order by finished_at desc nulls last, roster_run_id desc limit 1)
        returning roster_run_id as id, records_kept as kept`,
      [source.tenantUuid, source.sourceUuid],
    );
    const [run] = z.array(z.object({ id: z.string(), kept: z.boolean() })).parse(last.rows);
    if (!run) throw new AppError('NOT_FOUND', 'No applied run of this source is left to take back.');
    if (rosterRunId && uuidFromId('rosterrun', rosterRunId) !== run.id) {
      throw new AppError('CONFLICT', 'Another run has been applied since. Take that one back first.');
    }
    if (!run.kept)
      throw new AppError('CONFLICT', 'What this run changed is no longer kept, so it cannot be taken back.');
    const { rowCount } = await client.query(
      `insert into roster_op select entity, sourced_id, null,
          case op when 'end' then 'reactivate' when 'change' then 'change' else 'end' end, coalesce(after, before),
          case when op in ('end', 'change') then before end
        from public.roster_diffs where tenant_id = $1 and roster_run_id = $2`,
      [source.tenantUuid, run.id],
    );
    // Whoever was here before the run found them is no work of it: they are let go of, and not shut out.
    await client.query(
      `insert into roster_borrowed select r.sourced_id from public.roster_diffs d
        join public.external_refs r on r.tenant_id = $1 and r.roster_source_id = $3 and r.entity = 'user'
          and r.sourced_id = d.sourced_id
        join public.users u on u.tenant_id = $1 and u.user_id = r.internal_id and u.created_at < r.created_at
      where d.tenant_id = $1 and d.roster_run_id = $2 and d.entity = 'user' and d.op = 'add'`,
      [source.tenantUuid, run.id, source.sourceUuid],
    );
    const undoUuid = uuidFromId('rosterrun', newId('rosterrun'));
    await client.query(
      `insert into public.roster_runs (tenant_id, roster_run_id, roster_source_id, status, counts, held_reasons, finished_at)
        values ($1, $2, $3, 'undo', $4, '[]', now())`,
      [source.tenantUuid, undoUuid, source.sourceUuid, JSON.stringify({ undone: rowCount ?? 0 })],
    );
    await settleRoster(client, source, 'records');
    await client.query(
      `update public.external_refs r set internal_id = null from roster_borrowed b
        where r.tenant_id = $1 and r.roster_source_id = $2 and r.entity = 'user' and r.sourced_id = b.sourced_id`,
      [source.tenantUuid, source.sourceUuid],
    );
    await recordIssues(client, source, undoUuid);
    return rowCount ?? 0;
  });
}
