import type { Actor } from '@raptscallions/policies/actor';
import { editInputs } from '@raptscallions/zod-schemas/edit.zod';
import { type ErrorCode, errorTable } from '@raptscallions/zod-schemas/error.zod';
import { idFromUuid, newId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncPushInputZod } from '@raptscallions/zod-schemas/sync.zod';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { z } from 'zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { prepareSql } from '../../../db/prepared_sql';
import { runSql } from '../../../db/run_sql';
import { storedId } from '../../../db/stored_id';
import { AppError, isDatabaseAway, isSerializationFailure, toAppError } from '../../../lib/app_error';
import type { App, SignedIn } from '../../../procedures/context';
import { loadActor } from '../../users/services/load_actor.service';

/** Runs the procedure an edit names, in the open transaction, by the rights the person has in that. */
export type RunEdit = (
  name: keyof typeof editInputs,
  args: unknown,
  actor: Promise<Actor>,
) => Promise<unknown>;

/** How often a mutation may fail inside the server before it is given up, so that it does not block the rest. */
const maxFailures = 5;
const maxConflicts = 10;

type Mutation = z.output<typeof SyncPushInputZod>['mutations'][number];
type Settled = { settled: boolean; lastMid: number };
type Verdict = { code: ErrorCode; message: string; details: unknown };

/** Failures by client and mutation; a restart forgives them, which only delays the refusal. */
const failures = new Map<string, number>();

/**
 * Settles mutations of one browser in their order, each in a transaction of its own: applied, or refused with
 * the reason stored. Sent again it changes nothing, so a lost answer costs nothing. Stops at a gap and at a
 * failure that may pass; `lastMid` tells how far it came.
 * @throws AppError FORBIDDEN when the client belongs to somebody else
 */
export async function push(
  app: App,
  signedIn: SignedIn,
  input: z.output<typeof SyncPushInputZod>,
  runEdit: RunEdit,
): Promise<{ __type: 'SyncPush'; lastMid: number }> {
  let lastMid = 0;
  for (const mutation of input.mutations) {
    const outcome = await settle(app, signedIn, input.syncClientId, mutation, runEdit);
    lastMid = outcome.lastMid;
    if (!outcome.settled) break;
  }
  return { __type: 'SyncPush', lastMid };
}

async function settle(
  app: App,
  signedIn: SignedIn,
  syncClientId: SyncClientId,
  mutation: Mutation,
  runEdit: RunEdit,
): Promise<Settled> {
  const key = `${signedIn.tenantId} ${syncClientId} ${mutation.mid}`;
  for (let conflicts = 0; ; conflicts++) {
    try {
      const settled = await settleOnce(
        app,
        signedIn,
        syncClientId,
        mutation,
        runEdit,
        failures.get(key) ?? 0,
      );
      if (settled.settled) failures.delete(key);
      return settled;
    } catch (error) {
      if (isSerializationFailure(error) && conflicts < maxConflicts) continue;
      if (error instanceof AppError && error.code === 'FORBIDDEN') throw error;
      if (!isDatabaseAway(error)) {
        app.logger.error({ err: error, edit: mutation.name }, 'a mutation failed inside the server');
        failures.set(key, (failures.get(key) ?? 0) + 1);
        if ((failures.get(key) ?? 0) >= maxFailures) continue;
      }
      throw error;
    }
  }
}

async function settleOnce(
  app: App,
  signedIn: SignedIn,
  syncClientId: SyncClientId,
  mutation: Mutation,
  runEdit: RunEdit,
  failed: number,
): Promise<Settled> {
  const { db } = app;
  const { tenantId, userId } = signedIn;
  let counted: Promise<unknown> | undefined;
  const settled = await enterTenant(
    db,
    tenantId,
    async () => {
      const locked = lockClient(db, { tenantId, syncClientId, userId });
      // Asked for behind the lock: the edit before this one may have changed them.
      const actor = loadActor(db, tenantId, userId);
      actor.catch(() => {});
      const client = await locked;
      if (client.userId !== userId) throw new AppError('FORBIDDEN', 'This device belongs to somebody else.');
      if (mutation.mid <= client.lastMid) return { settled: true, lastMid: client.lastMid };
      if (mutation.mid !== client.lastMid + 1) return { settled: false, lastMid: client.lastMid };

      const refusal =
        failed >= maxFailures
          ? givenUp
          : await attempt(app, signedIn, mutation, (name, args) => runEdit(name, args, actor));
      if (refusal) {
        await db.syncRefusals.create({
          tenantId,
          syncRefusalId: newId('refusal'),
          syncClientId,
          mid: mutation.mid,
          name: mutation.name,
          ...refusal,
          details: refusal.details ?? null,
        });
      }
      // Its answer comes with that of the commit, which is none if this has failed.
      counted = runSql(db, countSql, [storedId(tenantId), storedId(syncClientId), mutation.mid]);
      counted.catch(() => {});
      return { settled: true, lastMid: mutation.mid };
    },
    { statementMs: app.config.DATABASE_STATEMENT_TIMEOUT_MS },
  );
  await counted;
  return settled;
}

type Client = Pick<SignedIn, 'tenantId' | 'userId'> & { syncClientId: SyncClientId };

/** $1 tenant, $2 client. */
const lockSql = prepareSql(
  'lock_sync_client',
  `select user_id, last_mid::float8 from sync_clients
   where tenant_id = $1::uuid and sync_client_id = $2::uuid and deleted_at is null for update`,
);
/** $3 the last edit that was settled. */
const countSql = prepareSql(
  'count_edit',
  `update sync_clients set last_mid = $3::bigint, updated_at = now()
   where tenant_id = $1::uuid and sync_client_id = $2::uuid and deleted_at is null`,
);

/** The browser's count of edits, locked; one that was never here begins at none. */
async function lockClient(db: Db, client: Client): Promise<{ userId: UserId; lastMid: number }> {
  const key = [storedId(client.tenantId), storedId(client.syncClientId)];
  const lock = () => runSql<{ user_id: string; last_mid: number }>(db, lockSql, key);
  let [row] = await lock();
  if (!row) {
    await db.syncClients.create(client).onConflictDoNothing(['tenantId', 'syncClientId']);
    [row] = await lock();
  }
  if (!row) throw new Error('a device that is neither there nor can be');
  return { userId: idFromUuid('user', row.user_id), lastMid: row.last_mid };
}

const givenUp: Verdict = {
  code: 'INTERNAL_SERVER_ERROR',
  message: 'The server failed at this several times. It was not saved; try again, or tell your school’s IT.',
  details: null,
};

/** Runs the edit inside a savepoint: undefined when it was applied, else why not. What may pass is thrown. */
async function attempt(
  app: App,
  { tenantId }: SignedIn,
  mutation: Mutation,
  run: (name: keyof typeof editInputs, args: unknown) => Promise<unknown>,
): Promise<Verdict | undefined> {
  const name = mutation.name as keyof typeof editInputs;
  if (!Object.hasOwn(editInputs, mutation.name)) {
    return { code: 'BAD_REQUEST', message: `This version cannot do “${mutation.name}”.`, details: null };
  }
  try {
    await enterTenant(app.db, tenantId, () => run(name, mutation.args));
    return undefined;
  } catch (error) {
    const verdict = verdictOf(error);
    if (!verdict || errorTable[verdict.code].retry) throw error;
    return verdict;
  }
}

function verdictOf(error: unknown): Verdict | undefined {
  if (isSerializationFailure(error)) return undefined;
  if (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code in errorTable
  ) {
    const data = 'data' in error ? error.data : undefined;
    const details = typeof data === 'object' && data !== null && 'details' in data ? data.details : null;
    return { code: error.code as ErrorCode, message: error.message.slice(0, 1_000), details };
  }
  const { code, message, details } = toAppError(error);
  return { code, message, details };
}
