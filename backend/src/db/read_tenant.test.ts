import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTwoTenants } from '../test/build_two_tenants';
import { connectDb, type Db } from './db';
import { readTenant } from './read_tenant';
import { runSql } from './run_sql';

let database: Awaited<ReturnType<typeof buildTwoTenants>>;
let dbRO: Db;
let here: TenantId;
let there: TenantId;

beforeAll(async () => {
  database = await buildTwoTenants();
  ({ here, there } = database);
  // Two connections for many readers, so that each serves both tenants in turn.
  dbRO = connectDb(database.url, 'read', 2);
});
afterAll(async () => {
  await dbRO.$close();
  await database.drop();
});

test('a query that forgot its filter sees the tenant that is read, whichever the connection served before', async () => {
  const readers = Array.from({ length: 200 }, (_, at) => (at % 3 === 0 ? here : there));
  const seen = await Promise.all(
    readers.map((tenantId) => readTenant(tenantId, async () => dbRO.users.pluck('tenantId'))),
  );
  expect(seen).toEqual(readers.map((tenantId) => [tenantId]));
});

test('where no tenant is read nothing is seen, also on a connection that has just served one', async () => {
  for (let turn = 0; turn < 4; turn++) {
    expect(await readTenant(here, async () => dbRO.users.count())).toBe(1);
    expect(await Promise.all([dbRO.users.count(), dbRO.users.count()])).toEqual([0, 0]);
  }
});

test('nothing can be written', async () => {
  const write = readTenant(here, async () => dbRO.users.where({ name: `of ${here}` }).update({ name: 'x' }));
  await expect(write).rejects.toThrow(/read-only/);
});

test('a statement that fails leaves the connection with the tenant it was for', async () => {
  await expect(readTenant(there, () => runSql(dbRO, 'select 1/0'))).rejects.toThrow(/division/);
  expect(await readTenant(here, async () => dbRO.users.pluck('tenantId'))).toEqual([here]);
});
