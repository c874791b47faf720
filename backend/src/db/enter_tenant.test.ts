import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTwoTenants } from '../test/build_two_tenants';
import { connectDb, type Db } from './db';
import { enterTenant } from './enter_tenant';
import { runSql } from './run_sql';
import { stored } from './stored_id';

let database: Awaited<ReturnType<typeof buildTwoTenants>>;
let db: Db;
let here: TenantId;
let there: TenantId;

beforeAll(async () => {
  database = await buildTwoTenants();
  ({ here, there } = database);
  db = connectDb(database.url, 'app', 2);
});
afterAll(async () => {
  await db.$close();
  await database.drop();
});

test('a query that forgot its filter sees one tenant, and none outside of a tenant', async () => {
  const inside = await enterTenant(db, here, () => db.users.select('tenantId'));
  expect(inside).toEqual([{ tenantId: here }]);
  expect(await db.users.select('tenantId')).toEqual([]);
});

test('a row cannot be written into another tenant', async () => {
  const write = enterTenant(db, here, () =>
    db.users.create({ tenantId: there, userId: newId('user'), name: 'x', status: 'active' }),
  );
  await expect(write).rejects.toThrow(/row-level security/);
});

test('a transaction belongs to one tenant', async () => {
  await expect(enterTenant(db, here, () => enterTenant(db, there, async () => 1))).rejects.toThrow(
    'one tenant',
  );
});

test('a failure inside is undone to the savepoint and the outer work stays', async () => {
  const userId = newId('user');
  await enterTenant(db, here, async () => {
    await db.users.create({ tenantId: here, userId, name: 'kept', status: 'active' });
    await expect(
      enterTenant(db, here, async () => {
        await db.users.where(userIdOf(userId)).update({ name: 'lost' });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
  });
  const [row] = await enterTenant(db, here, () =>
    runSql<{ name: string }>(db, 'select name from users where name = $1 or name = $2', ['kept', 'lost']),
  );
  expect(row?.name).toBe('kept');
});

test('the app role is neither owner nor superuser, and cannot read sign-in data', async () => {
  const [role] = await runSql<{ name: string; super: boolean }>(
    db,
    'select current_user as name, rolsuper as super from pg_roles where rolname = current_user',
  );
  expect(role).toEqual({ name: 'rapt_app', super: false });
  await expect(runSql(db, 'select * from auth_users')).rejects.toThrow(/permission denied/);
});

function userIdOf(userId: ReturnType<typeof newId<'user'>>) {
  return stored({ tenantId: here, userId });
}
