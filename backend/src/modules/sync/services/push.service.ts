import { editInputs } from '@raptscallions/zod-schemas/edit.zod';
import { type ErrorCode, errorTable } from '@raptscallions/zod-schemas/error.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { SyncPushInputZod } from '@raptscallions/zod-schemas/sync.zod';
import type { SyncClientId } from '@raptscallions/zod-schemas/sync_client.zod';
import type { z } from 'zod';
import type { Db } from '../../../db/db';
import { enterTenant } from '../../../db/enter_tenant';
import { stored } from '../../../db/stored_id';
import { AppError, isDatabaseAway, isSerializationFailure, toAppError } from '../../../lib/app_error';
import type { App, SignedIn } from '../../../procedures/context';

/** Runs the procedure an edit names, in the open transaction. */
export type RunEdit = (name: keyof typeof editInputs, args: unknown) => Promise<unknown>;

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

function settleOnce(
  app: App,
  signedIn: SignedIn,
  syncClientId: SyncClientId,
  mutation: Mutation,
  runEdit: RunEdit,
  failed: number,
): Promise<Settled> {
  const { db } = app;
  const { tenantId, userId } = signedIn;
  return enterTenant(
    db,
    tenantId,
    async () => {
      const client = await lockClient(db, { tenantId, syncClientId, userId });
      if (client.userId !== userId) throw new AppError('FORBIDDEN', 'This device belongs to somebody else.');
      if (mutation.mid <= client.lastMid) return { settled: true, lastMid: client.lastMid };
      if (mutation.mid !== client.lastMid + 1) return { settled: false, lastMid: client.lastMid };

      const refusal = failed >= maxFailures ? givenUp : await attempt(app, signedIn, mutation, runEdit);
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
      await db.syncClients
        .where(stored({ tenantId, syncClientId }))
        .update({ lastMid: String(mutation.mid) });
      return { settled: true, lastMid: mutation.mid };
    },
    { statementMs: app.config.DATABASE_STATEMENT_TIMEOUT_MS },
  );
}

type Client = Pick<SignedIn, 'tenantId' | 'userId'> & { syncClientId: SyncClientId };

/** The browser's count of edits, locked; one that was never here begins at none. */
async function lockClient(db: Db, client: Client) {
  const key = stored({ tenantId: client.tenantId, syncClientId: client.syncClientId });
  const known = await db.syncClients.findByOptional(key).forUpdate();
  if (known) return known;
  await db.syncClients.create(client).onConflictDoNothing(['tenantId', 'syncClientId']);
  return await db.syncClients.findBy(key).forUpdate();
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
  runEdit: RunEdit,
): Promise<Verdict | undefined> {
  const name = mutation.name as keyof typeof editInputs;
  if (!Object.hasOwn(editInputs, mutation.name)) {
    return { code: 'BAD_REQUEST', message: `This version cannot do “${mutation.name}”.`, details: null };
  }
  try {
    await enterTenant(app.db, tenantId, () => runEdit(name, mutation.args));
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
