import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTwoTenants } from '../test/build_two_tenants';
import { asSystem } from './as_system';
import { appRole, systemRole } from './base_table';
import { connectDb, type Db } from './db';
import { enterTenant } from './enter_tenant';
import { runSql } from './run_sql';

let database: Awaited<ReturnType<typeof buildTwoTenants>>;
let db: Db;
beforeAll(async () => {
  database = await buildTwoTenants();
  // One connection for all, so that what one leaves behind the next would find.
  db = connectDb(database.url, 'app', 1);
});
afterAll(async () => {
  await db.$close();
  await database.drop();
});

const names = () =>
  db.tenants
    .where({ name: { in: ['Here', 'There'] } })
    .order('name')
    .pluck('name');
const role = async () => (await runSql<{ role: string }>(db, 'select current_user as role'))[0]?.role;

test('what is done as the system is a part of the transaction, and the wall stands again after it', async () => {
  const failing = enterTenant(db, database.here, async () => {
    expect(await names()).toEqual(['Here']);
    expect(await asSystem(db, () => names())).toEqual(['Here', 'There']);
    expect([await role(), await names()]).toEqual([appRole, ['Here']]);
    await asSystem(db, () => db.tenants.where({ name: 'There' }).update({ name: 'Elsewhere' }));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await enterTenant(db, database.here, () => asSystem(db, () => names()))).toEqual(['Here', 'There']);
});

test.each([
  ['in the database', () => runSql(db, 'select 1/0'), 'division by zero'],
  ['outside of it', () => Promise.reject(new Error('out of ideas')), 'out of ideas'],
  [
    'before it begins',
    () => {
      throw new Error('too early');
    },
    'too early',
  ],
])('work that fails %s leaves nobody in the role of the system', async (_, work, message) => {
  await enterTenant(db, database.here, async () => {
    const part = enterTenant(db, database.here, () => asSystem(db, async () => work()));
    await expect(part).rejects.toThrow(message);
    expect([await role(), await names()]).toEqual([appRole, ['Here']]);
  });
  expect(await role()).toBe(appRole);
});

test('outside of a transaction nobody takes the role, which would stay with the connection', async () => {
  await expect(asSystem(db, () => names())).rejects.toThrow('within a transaction');
  expect(await role()).not.toBe(systemRole);
});
