import { newId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { z } from 'zod';
import { AppError } from '../../../lib/app_error';
import { settleRoster } from '../settle_roster';
import { withRosterSource } from '../with_roster_source';

/**
 * Takes back the last applied run of a source by its own record of before and after.
 * @returns how many records went back
 * @throws AppError NOT_FOUND when nothing is left to take back
 */
export async function undoRoster(databaseUrl: string, tenantId: TenantId, name: string): Promise<number> {
  return withRosterSource(databaseUrl, tenantId, name, ({ client, source, inTransaction }) =>
    inTransaction(async () => {
      const last = await client.query(
        `update public.roster_runs set status = 'undone', updated_at = now()
        where tenant_id = $1 and roster_run_id = (select roster_run_id from public.roster_runs
          where tenant_id = $1 and roster_source_id = $2 and status = 'applied'
          order by created_at desc, roster_run_id desc limit 1)
        returning roster_run_id as id`,
        [source.tenantUuid, source.sourceUuid],
      );
      const [run] = z.array(z.object({ id: z.string() })).parse(last.rows);
      if (!run) throw new AppError('NOT_FOUND', 'No applied run of this source is left to take back.');
      await client.query(
        'create temp table roster_op (entity text, sourced_id text, row_number integer, op text, before jsonb, after jsonb) on commit drop',
      );
      const { rowCount } = await client.query(
        `insert into roster_op select entity, sourced_id, null,
          case op when 'end' then 'reactivate' when 'change' then 'change' else 'end' end, coalesce(after, before),
          case when op in ('end', 'change') then before end
        from public.roster_diffs where tenant_id = $1 and roster_run_id = $2`,
        [source.tenantUuid, run.id],
      );
      await client.query(
        `insert into public.roster_runs (tenant_id, roster_run_id, roster_source_id, status, counts, held_reasons)
        values ($1, $2, $3, 'undo', $4, '[]')`,
        [
          source.tenantUuid,
          uuidFromId('rosterrun', newId('rosterrun')),
          source.sourceUuid,
          JSON.stringify({ undone: rowCount ?? 0 }),
        ],
      );
      await settleRoster(client, source, 'records');
      return rowCount ?? 0;
    }),
  );
}
