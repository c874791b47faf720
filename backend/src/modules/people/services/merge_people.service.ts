import type { MergePeopleInputZod, PersonMerge } from '@raptscallions/zod-schemas/person_merge.zod';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import type { z } from 'zod';
import { asSystem } from '../../../db/as_system';
import type { Db } from '../../../db/db';
import { runSql } from '../../../db/run_sql';
import { stored, storedId } from '../../../db/stored_id';
import { AppError } from '../../../lib/app_error';
import type { CommandContext } from '../../../procedures/context';
import { placeholderEmail, takenName } from '../../auth/services/create_user.service';
import { endSessions } from '../../auth/services/end_sessions.service';
import { endLinks } from '../../auth/services/make_link.service';
import { movedData } from '../moved_data';
import { readMerge } from './read_merge.service';

/** From the most rights down: of two memberships in one place the one that comes first here stays. */
const ranks = `array['system_admin', 'group_admin', 'teacher', 'student']`;

/**
 * Of two in one place one stays, with the role of more rights; one made by hand outlives what a roster says of the
 * other, so it counts as made by hand.
 */
const joinMembers = (table: string, place: string) => [
  `update ${table} k set role = case when array_position(${ranks}, d.role::text) < array_position(${ranks}, k.role::text)
      then d.role else k.role end,
    roster_source_id = case when d.roster_source_id is null then null else k.roster_source_id end, updated_at = now()
  from ${table} d where k.tenant_id = $1 and k.user_id = $2 and d.tenant_id = $1 and d.user_id = $3 and d.${place} = k.${place}
    and (d.role <> k.role or (d.roster_source_id is null and k.roster_source_id is not null))`,
  `delete from ${table} d using ${table} k
  where d.tenant_id = $1 and d.user_id = $3 and k.tenant_id = $1 and k.user_id = $2 and d.${place} = k.${place}`,
  `update ${table} set user_id = $2, updated_at = now() where tenant_id = $1 and user_id = $3`,
];

const joinRecords = [
  `update external_refs set internal_id = $2, updated_at = now() where tenant_id = $1 and entity = 'user' and internal_id = $3`,
  `update external_refs set shares_person = true where tenant_id = $1 and entity = 'user' and internal_id = $2
    and (select count(*) from external_refs x where x.tenant_id = $1 and x.entity = 'user' and x.internal_id = $2) > 1`,
];

const close = `update users set status = 'suspended', deleted_at = now(), updated_at = now()
  where tenant_id = $1 and user_id = $3`;

/**
 * Makes two accounts of one person into one: memberships, chats, work, records of rosters and ways to sign in go to
 * the one that stays; the other is closed, and whoever is signed in by it is signed out. It cannot be taken back.
 * @throws AppError NOT_FOUND unless both are the actor's to look after, CONFLICT when something stands in the way
 */
export async function mergePeople(
  ctx: CommandContext,
  input: z.output<typeof MergePeopleInputZod>,
): Promise<PersonMerge> {
  const { db, tenantId } = ctx;
  const { userId, duplicateUserId } = input;
  const ids = [storedId(tenantId), storedId(userId), storedId(duplicateUserId)];
  // Who may not hears that, and nothing of what goes on in the school.
  await readMerge(ctx, input);
  // A roster that is being applied may be about to write memberships of either; other merges need not wait.
  const [free] = await runSql<{ held: boolean }>(
    db,
    `select pg_try_advisory_xact_lock_shared(hashtextextended('settle roster ' || $1, 0)) as held`,
    ids,
  );
  if (!free?.held) throw new AppError('CONFLICT', 'A roster is being applied. Try again when it is over.');
  // In the order of their ids: two administrators who merge the same two either way round wait for each other.
  await runSql(
    db,
    'select from users where tenant_id = $1 and user_id in ($2, $3) order by user_id for update',
    ids,
  );
  const merge = await readMerge(ctx, input);
  if (merge.blockedBecause) throw new AppError('CONFLICT', merge.blockedBecause);
  for (const { table, column } of movedData) {
    await runSql(db, `update ${table} set ${column} = $2 where tenant_id = $1 and ${column} = $3`, ids);
  }
  for (const statement of [
    ...joinMembers('class_members', 'class_id'),
    ...joinMembers('group_members', 'group_id'),
    ...joinRecords,
    close,
  ]) {
    await runSql(db, statement, ids);
  }
  const address = await joinContacts(ctx, input);
  await endLinks(db, {
    tenantId,
    userId: duplicateUserId,
    purposes: ['invitation', 'reset', 'verification'],
  });
  const person = await readPerson(db, ids);
  try {
    await asSystem(db, async () => {
      const signInAddress = await joinSignIns(db, { tenantId, userId, duplicateUserId, ...person });
      await forgetAddresses(ctx, [address, signInAddress]);
    });
  } catch (error) {
    // Somebody of another school has taken the address in the same moment.
    throw takenName(error) ?? error;
  }
  return merge;
}

/**
 * What the one that stays lacks goes along; the rest becomes free.
 * @returns the address that the closed one had
 */
async function joinContacts(
  { db, tenantId }: CommandContext,
  { userId, duplicateUserId }: z.output<typeof MergePeopleInputZod>,
): Promise<string | null> {
  const closed = db.userContacts.findByOptional(stored({ tenantId, userId: duplicateUserId }));
  const { email = null, username = null } = (await closed) ?? {};
  await closed.update({ email: null, username: null, deletedAt: Date.now() });
  const kept = db.userContacts.findByOptional(stored({ tenantId, userId }));
  const has = await kept;
  if (!has) await db.userContacts.insert({ tenantId, userId, email, username });
  else await kept.update({ email: has.email ?? email, username: has.username ?? username });
  return email;
}

type Person = { name: string; email: string | null };

async function readPerson(db: Db, ids: string[]): Promise<Person> {
  const [person] = await runSql<Person>(
    db,
    `select u.name, k.email from users u left join user_contacts k on k.tenant_id = u.tenant_id and k.user_id = u.user_id
    where u.tenant_id = $1 and u.user_id = $2`,
    ids,
  );
  if (!person) throw new AppError('NOT_FOUND');
  return person;
}

/**
 * The ways in are the installation's and not the tenant's, and still change in the same transaction: moved without
 * the rest, or left behind, they would open the wrong account or none.
 * @returns the address that opened the closed one
 */
async function joinSignIns(
  db: Db,
  {
    tenantId,
    userId,
    duplicateUserId,
    name,
    email,
  }: Person & { tenantId: TenantId; userId: UserId; duplicateUserId: UserId },
): Promise<string | null> {
  const [kept, closed] = [storedId(userId), storedId(duplicateUserId)];
  await endSessions(db, { userId: duplicateUserId });
  const [signIn] = await runSql<{ email: string; verified: boolean }>(
    db,
    'select email, email_verified as verified from auth_users where id = $1 for update',
    [closed],
  );
  if (!signIn) return null;
  // Its address is free before the other one may take it.
  await runSql(db, 'update auth_users set email = $1, email_verified = false where id = $2', [
    placeholderEmail(duplicateUserId),
    closed,
  ]);
  const proven = signIn.verified && signIn.email === email;
  await runSql(
    db,
    `insert into auth_users as a (id, tenant_id, name, email, email_verified) select $1, $2, $3, w.email, $5 and w.email = $4
    from (select case when $4::text is null or exists (select from auth_users x where x.email = $4 and x.id <> $1)
      then $6 else $4 end as email) w
    on conflict (id) do update set email = excluded.email, updated_at = now(),
      email_verified = excluded.email_verified or (a.email_verified and a.email = excluded.email)`,
    [kept, storedId(tenantId), name, email, proven, placeholderEmail(userId)],
  );
  await runSql(
    db,
    `update auth_accounts d set user_id = $1, updated_at = now(),
      account_id = case when d.provider_id = 'credential' then $3 else d.account_id end
    where d.user_id = $2 and (d.provider_id <> 'credential'
      or not exists (select from auth_accounts k where k.user_id = $1 and k.provider_id = 'credential'))`,
    [kept, closed, userId],
  );
  await runSql(db, 'delete from auth_users where id = $1', [closed]);
  return signIn.email;
}

/**
 * An address that went along names the account that stays, in the queue as elsewhere. One that is nobody's any more,
 * of this school or another, is named nowhere: nothing else would find it there when the person is erased.
 */
async function forgetAddresses({ app, db }: CommandContext, addresses: (string | null)[]): Promise<void> {
  const freed = await runSql<{ address: string }>(
    db,
    `select distinct address from unnest($1::text[]) address where address is not null
      and not exists (select from user_contacts k where k.email = address)
      and not exists (select from auth_users u where u.email = address)`,
    [addresses],
  );
  if (freed.length > 0)
    await app.forgetInQueue(
      db,
      freed.map(({ address }) => JSON.stringify(address)),
    );
}
