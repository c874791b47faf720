import { idFromUuid, newId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { storedId } from '../../../backend/src/db/stored_id';
import { encodeCursor } from '../../../backend/src/modules/sync/cursor';
import type { Reader } from '../seed_readers';

/** Where each browser stood when the server went, as the body of its request. */
export async function seedPlaces(
  databaseUrl: string,
  tenantUuid: string,
  readers: Reader[],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const devices = readers.map(() => newId('device'));
  await client.query(
    `insert into sync_clients (tenant_id, sync_client_id, user_id)
     select $1, c.sync_client_id, c.user_id from unnest($2::uuid[], $3::uuid[]) c(sync_client_id, user_id)`,
    [tenantUuid, devices.map((id) => storedId(id)), readers.map(({ userId }) => userId)],
  );
  const { rows } = await client.query<{ epoch: string; now: string }>(
    'select epoch, pg_current_snapshot()::text as now from sync_epoch',
  );
  const [state] = rows;
  if (!state) throw new Error('there is no epoch');
  const cursor = encodeCursor(state.epoch, state.now);
  // Each class has news for those who come back.
  await client.query(`update classes set subject = '@1@'`);
  await client.query('analyze');
  await client.end();
  return readers.map(({ userId, classId }, at) => {
    const syncClientId = devices[at] ?? newId('device');
    const scopes = [`user:${userId}`, 'everyone', `class:${classId}`, `client:${storedId(syncClientId)}`];
    const owner = { tenantId: idFromUuid('tenant', tenantUuid), userId: idFromUuid('user', userId) };
    return { ...owner, syncClientId, cursor, scopes, streamId: syncClientId };
  });
}
