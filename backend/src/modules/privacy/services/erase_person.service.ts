import { createHash, randomUUID } from 'node:crypto';
import { mayManageSignIn } from '@raptscallions/policies/sign_in';
import type { ErasePersonInputZod, ErasureZod } from '@raptscallions/zod-schemas/privacy.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { z } from 'zod';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import type { CommandContext } from '../../../procedures/context';
import { withSignIn } from '../../auth/services/with_sign_in.service';
import { listAccounts } from '../../people/services/list_accounts.service';
import { type PersonalData, personalData, trails } from '../personal_data';

/**
 * Erases a person for good: what they wrote and what was noted about it, their sign-in and addresses, and what
 * waits about them in the queue; of accounts that were merged into theirs, too. What they made for others stays and is
 * nobody's. Open streams end with the sign-in, and every device drops the rows with its next sync.
 * @throws AppError NOT_FOUND
 */
export async function erasePerson(
  ctx: CommandContext,
  { userId }: z.output<typeof ErasePersonInputZod>,
): Promise<z.output<typeof ErasureZod>> {
  const { db, tenantId } = ctx;
  const person = await withSignIn(ctx, userId, mayManageSignIn);
  const counts: Record<string, number> = {};
  const erasureId = newId('erasure');
  const personHash = createHash('sha256').update(userId).digest('hex');
  // Told apart no more afterwards, so they are one person's under one new name.
  const pseudonym = randomUUID();
  const accounts = await listAccounts(db, tenantId, userId);
  const eraseAccount = async (database: Db, account: UserId, entries: PersonalData[]) => {
    const values = [storedId(tenantId), storedId(account), pseudonym];
    for (const { table, of, erase } of entries) {
      const where = `t.tenant_id = $1 and ${of}`;
      const text =
        erase === 'delete'
          ? `delete from ${table} t where ${where} returning 1`
          : `update ${table} t set ${erase.clear} where ${where} returning 1`;
      const rows = await runSql(database, text, values);
      if (rows.length > 0) counts[table] = (counts[table] ?? 0) + rows.length;
    }
  };
  // First what is not the tenant's to change, in a transaction of its own: should ours fail after it, the person
  // is still here, cannot sign in, and can be erased again.
  const { patientDb } = ctx.app;
  const ofSystem = personalData.filter(({ table }) => trails.has(table));
  await patientDb.$transaction(async () => {
    for (const account of accounts) {
      await eraseAccount(patientDb, account, ofSystem);
      await eraseSignIn(ctx, { userId: account, email: account === userId ? person.email : null });
    }
  });
  // Nobody writes as this person any more: the row that every right hangs on is ours until the end.
  await db.users.findBy(stored({ tenantId, userId })).forUpdate();
  const ofTenant = personalData.filter(({ table }) => !trails.has(table));
  for (const account of accounts) await eraseAccount(db, account, ofTenant);
  await db.erasures.insert({ tenantId, erasureId, personHash, counts });
  return { __type: 'Erasure', erasureId, erasedAt: Date.now(), personHash, counts };
}

/**
 * What is not the tenant's: the way in, and what the queue has yet to do or keeps for a week. Searched is for ids
 * and for the address as a whole text of JSON. All schools share the queue, so nothing shorter will do: a username
 * may be any letter, stands in no payload, and would take the work of others with it.
 */
async function eraseSignIn(
  { app }: CommandContext,
  { userId, email }: { userId: UserId; email: string | null },
): Promise<void> {
  const { patientDb } = app;
  const uuid = storedId(userId);
  const traces = [userId, uuid, ...(email ? [JSON.stringify(email)] : [])];
  await runSql(
    patientDb,
    `delete from auth_verifications v using unnest($1::text[]) trace
     where strpos(lower(v.identifier), lower(trace)) > 0 or strpos(lower(v.value), lower(trace)) > 0`,
    [traces],
  );
  await runSql(patientDb, 'delete from auth_users where id = $1', [uuid]);
  await app.forgetInQueue(patientDb, traces);
}
