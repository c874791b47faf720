import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTwoTenants } from '../test/build_two_tenants';
import { connectDb, type Db } from './db';
import { enterTenant } from './enter_tenant';
import { prepareSql } from './prepared_sql';
import { runSql } from './run_sql';

let database: Awaited<ReturnType<typeof buildTwoTenants>>;
let db: Db;
const namesSql = prepareSql('test_names', 'select name, $1::text as asked from tenants where $1::text <> $2');

beforeAll(async () => {
  database = await buildTwoTenants();
  // One connection for everybody, so that all of them use the same plan.
  db = connectDb(database.url, 'app', 1);
});
afterAll(async () => {
  await db.$close();
  await database.drop();
});

test('a prepared statement is planned once a connection, and stands behind the wall of its transaction', async () => {
  for (let round = 0; round < 8; round++) {
    const { here, there } = database;
    for (const [tenantId, name] of [[here, 'Here'] as const, [there, 'There'] as const]) {
      const rows = await enterTenant(db, tenantId, () => runSql(db, namesSql, [`round ${round}`, '']));
      expect(rows).toEqual([{ name, asked: `round ${round}` }]);
    }
  }
  const kept = await runSql(
    db,
    `select (generic_plans + custom_plans)::int as runs from pg_prepared_statements where name = 'test_names'`,
  );
  expect(kept).toEqual([{ runs: 16 }]);
});

test('it is a part of the open transaction', async () => {
  const renameSql = prepareSql('test_rename', 'update tenants set name = $1 where name = $2 returning name');
  const failing = enterTenant(db, database.here, async () => {
    expect(await runSql(db, renameSql, ['Gone', 'Here'])).toEqual([{ name: 'Gone' }]);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await enterTenant(db, database.here, () => runSql(db, namesSql, ['a', '']))).toMatchObject([
    { name: 'Here' },
  ]);
});

test.each(['app', 'read', 'system', 'catchUp'] as const)(
  'a connection of %s answers whoever asks by text and values, and whoever asks by a callback',
  async (kind) => {
    const handle = connectDb(database.url, kind, 1);
    const adapter = handle.$adapterNotInTransaction;
    if (!('pool' in adapter && adapter.pool instanceof pg.Pool)) throw new Error('not on node-postgres');
    const { pool } = adapter;
    const sql = prepareSql('test_sum', 'select $1::int + $2::int as sum');
    expect(await runSql(handle, sql, [5, 6])).toEqual([{ sum: 11 }]);
    const kept = `select name from pg_prepared_statements where name = 'test_sum'`;
    expect(await runSql(handle, kept)).toEqual([{ name: 'test_sum' }]);
    expect((await pool.query(sql, [1, 2])).rows).toEqual([{ sum: 3 }]);
    const client = await pool.connect();
    const told = new Promise((resolve) => client.query(sql, [3, 4], (_error, { rows }) => resolve(rows)));
    expect(await told).toEqual([{ sum: 7 }]);
    client.release();
    await handle.$close();
  },
);

test('two texts cannot have one name, and no name is cut', () => {
  const text = prepareSql('test_twice', 'select 1');
  expect(prepareSql('test_twice', text)).toBe(text);
  expect(() => prepareSql('test_twice', 'select 2')).toThrow('test_twice');
  expect(() => prepareSql('n'.repeat(64), 'select 3')).toThrow('nnn');
});
