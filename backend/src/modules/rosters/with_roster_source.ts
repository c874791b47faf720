import { newId, type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type pg from 'pg';
import { z } from 'zod';
import { createSystemClient } from '../../db/create_system_client';
import { AppError, isSerializationFailure } from '../../lib/app_error';
import type { SettleInput } from './settle/settle_roster';

const SourceZod = z.object({
  id: z.string(),
  root: z.string(),
  grants_admin: z.boolean(),
  matches_master_ids: z.boolean(),
  end_limit_percent: z.number(),
});

export type RosterSource = SettleInput & { endLimitPercent: number };
export type OpenSource = {
  client: pg.Client;
  source: RosterSource;
  /** Begins anew where the database let another transaction go first, so `work` may run several times. */
  inTransaction: <T>(work: () => Promise<T>) => Promise<T>;
};
/** By its id, by a run of it, or by its name; what is to be `made` is made if there is none. */
export type SourceName =
  | { rosterSourceId: RichId<'rostersource'> }
  | { rosterRunId: RichId<'rosterrun'> }
  | { name: string; made?: boolean };

/** One connection that compares a million rows, now and then: it gets the memory that hundreds could not have. */
const settings = '-c work_mem=64MB -c temp_buffers=64MB -c jit=off';
/** As long as the queue waits for a whole run. */
const longestStatementMs = 3_600_000;

/** Whoever edits holds what a settlement waits for, for a moment; as often as this in a row is no moment any more. */
const mostBeginnings = 5;

/** Somebody else works on the source; nothing is wrong, and it may be tried again. */
export class SourceBusyError extends AppError {
  constructor() {
    super('CONFLICT', 'Another run of this source is going on. Try again when it is over.');
  }
}

/**
 * Opens a connection that holds a source for itself until `work` is over: two runs of one source never overlap,
 * in whatever processes they are. A source that is to be made and does not exist is made under the tenant's topmost
 * group. Runs of it that say they are being worked on are found to be left behind, and say so.
 * @throws AppError NOT_FOUND without such a source, tenant or a group to hang things under; SourceBusyError
 */
export async function withRosterSource<T>(
  databaseUrl: string,
  tenantId: TenantId,
  which: SourceName,
  work: (open: OpenSource) => Promise<T>,
): Promise<T> {
  const client = createSystemClient(databaseUrl, 'raptscallions-roster', settings, longestStatementMs);
  await client.connect();
  try {
    const tenantUuid = uuidFromId('tenant', tenantId);
    const found = await findSource(client, tenantUuid, which);
    if (!found) throw new AppError('NOT_FOUND', 'There is no such source, or the tenant has no group yet.');
    const locked = await client.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as held', [
      `roster ${tenantUuid} ${found.id}`,
    ]);
    if (!z.tuple([z.object({ held: z.literal(true) })]).safeParse(locked.rows).success)
      throw new SourceBusyError();
    await client.query(
      `update public.roster_runs set work = null, updated_at = now(),
        status = case when status = 'open' then 'failed' else status end,
        failure = case when status = 'open' then 'The process that worked on it ended. Nothing was changed; start it again.' end
      where tenant_id = $1 and roster_source_id = $2 and work <> 'waiting' and decision is null`,
      [tenantUuid, found.id],
    );
    const inTransaction = async <R>(run: () => Promise<R>, beginning = 1): Promise<R> => {
      await client.query('begin');
      try {
        const result = await run();
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => {});
        if (beginning < mostBeginnings && isSerializationFailure(error))
          return inTransaction(run, beginning + 1);
        throw error;
      }
    };
    const source = {
      tenantUuid,
      sourceUuid: found.id,
      rootGroupUuid: found.root,
      grantsAdmin: found.grants_admin,
      matchesMasterIds: found.matches_master_ids,
      endLimitPercent: found.end_limit_percent,
    };
    return await work({ client, source, inTransaction });
  } finally {
    // Ends the lock and the temporary tables as well.
    await client.end();
  }
}

async function findSource(client: pg.Client, tenantUuid: string, which: SourceName) {
  if ('name' in which && which.made) {
    await client.query(
      `insert into public.roster_sources (tenant_id, roster_source_id, name, root_group_id)
      select $1, $2, $3, group_id from public.groups
      where tenant_id = $1 and parent_group_id is null and deleted_at is null order by group_id limit 1
      on conflict (tenant_id, name) do nothing`,
      [tenantUuid, uuidFromId('rostersource', newId('rostersource')), which.name],
    );
  }
  const [condition, value] =
    'name' in which
      ? ['name = $2', which.name]
      : 'rosterRunId' in which
        ? [
            'roster_source_id = (select roster_source_id from public.roster_runs where tenant_id = $1 and roster_run_id = $2)',
            uuidFromId('rosterrun', which.rosterRunId),
          ]
        : ['roster_source_id = $2', uuidFromId('rostersource', which.rosterSourceId)];
  const { rows } = await client.query(
    `select roster_source_id id, root_group_id root, grants_admin, matches_master_ids, end_limit_percent from public.roster_sources
    where tenant_id = $1 and ${condition}`,
    [tenantUuid, value],
  );
  return z.array(SourceZod).parse(rows)[0];
}
