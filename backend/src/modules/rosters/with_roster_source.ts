import { idFromUuid, newId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import pg from 'pg';
import { z } from 'zod';
import { systemRole } from '../../db/base_table';
import { AppError } from '../../lib/app_error';
import type { SettleInput } from './settle_roster';

const SourceZod = z.object({
  id: z.string(),
  root: z.string(),
  time_zone: z.string(),
  grants_admin: z.boolean(),
});

export type OpenSource = {
  client: pg.Client;
  source: SettleInput;
  inTransaction: <T>(work: () => Promise<T>) => Promise<T>;
};

/**
 * Opens a connection that holds a source for itself until `work` is over: two runs of one source never overlap,
 * in whatever processes they are. A source that does not exist is made under the tenant's topmost group.
 * @throws AppError NOT_FOUND without such a tenant or a group to hang things under, CONFLICT while another run is on
 */
export async function withRosterSource<T>(
  databaseUrl: string,
  tenantId: TenantId,
  name: string,
  work: (open: OpenSource) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, options: `-c role=${systemRole}` });
  // A connection that breaks fails the query that needs it; without a listener it would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    const tenantUuid = uuidFromId('tenant', tenantId);
    await client.query(
      `insert into public.roster_sources (tenant_id, roster_source_id, name, root_group_id)
      select $1, $2, $3, group_id from public.groups
      where tenant_id = $1 and parent_group_id is null and deleted_at is null order by group_id limit 1
      on conflict (tenant_id, name) do nothing`,
      [tenantUuid, uuidFromId('rostersource', newId('rostersource')), name],
    );
    const { rows } = await client.query(
      `select roster_source_id id, root_group_id root, time_zone, grants_admin from public.roster_sources
      where tenant_id = $1 and name = $2`,
      [tenantUuid, name],
    );
    const [found] = z.array(SourceZod).parse(rows);
    if (!found) throw new AppError('NOT_FOUND', 'There is no such tenant, or it has no group yet.');
    const locked = await client.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as held', [
      `roster ${idFromUuid('rostersource', found.id)}`,
    ]);
    if (!z.tuple([z.object({ held: z.literal(true) })]).safeParse(locked.rows).success) {
      throw new AppError('CONFLICT', 'Another run of this source is going on. Try again when it is over.');
    }
    const inTransaction = async <R>(run: () => Promise<R>): Promise<R> => {
      await client.query('begin');
      try {
        const result = await run();
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch(() => {});
        throw error;
      }
    };
    const source = {
      tenantUuid,
      sourceUuid: found.id,
      rootGroupUuid: found.root,
      timeZone: found.time_zone,
      grantsAdmin: found.grants_admin,
    };
    return await work({ client, source, inTransaction });
  } finally {
    // Ends the lock and the temporary tables as well.
    await client.end();
  }
}
