import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTwoTenants } from '../test/build_two_tenants';
import { atOnce } from './at_once';
import { connectDb, type Db } from './db';
import { enterTenant } from './enter_tenant';
import { runSql } from './run_sql';

let database: Awaited<ReturnType<typeof buildTwoTenants>>;
let db: Db;
let here: TenantId;

beforeAll(async () => {
  database = await buildTwoTenants();
  ({ here } = database);
  // One connection, so that what a transaction leaves behind is found by the next.
  db = connectDb(database.url, 'app', 1);
});
afterAll(async () => {
  await db.$close();
  await database.drop();
});

const one = () => runSql<{ one: number }>(db, 'select 1 as one');
const addGroup = async (name: string) =>
  await db.groups.create({ tenantId: here, groupId: newId('group'), name, kind: 'school', path: name });
const namesLike = (name: string) =>
  enterTenant(db, here, () =>
    runSql<{ name: string }>(db, 'select name from groups where name like $1 order by name', [`${name}%`]),
  );

/** How often `work` waits for an answer before it sends more. */
async function countRoundTrips(work: () => Promise<unknown>): Promise<number> {
  const adapter = db.$adapterNotInTransaction;
  if (!('pool' in adapter && adapter.pool instanceof pg.Pool)) throw new Error('not on node-postgres');
  const client = await adapter.pool.connect();
  const { stream } = client.connection;
  client.release();
  let [trips, heard] = [0, true];
  const write = stream.write;
  const hear = () => {
    heard = true;
  };
  stream.on('data', hear);
  stream.write = (...args: unknown[]) => {
    if (heard) trips++;
    heard = false;
    return Reflect.apply(write, stream, args);
  };
  await work().finally(() => {
    stream.write = write;
    stream.off('data', hear);
  });
  return trips;
}

test('a transaction costs a round trip for each statement that is waited for, and one for its end', async () => {
  expect(await countRoundTrips(() => enterTenant(db, here, one))).toBe(2);
  const three = () =>
    enterTenant(db, here, async () => {
      await one();
      return atOnce([one(), one()]);
    });
  expect(await countRoundTrips(three)).toBe(3);
});

test('a part of a transaction costs none for its beginning and its end', async () => {
  const nested = () => enterTenant(db, here, () => enterTenant(db, here, one));
  expect(await countRoundTrips(nested)).toBe(2);
});

test('a transaction whose setting is refused says so, and does nothing', async () => {
  const refused = enterTenant(db, here, () => addGroup('refused'), { statementMs: -5 });
  await expect(refused).rejects.toThrow(/statement_timeout/);
  expect(await namesLike('refused')).toEqual([]);
});

test('a part that fails is undone at its first statement too, and what is around it goes on', async () => {
  await enterTenant(db, here, async () => {
    await addGroup('part_before');
    const failing = enterTenant(db, here, async () => {
      await addGroup('part_inside');
      await runSql(db, 'select 1 / $1::int', [0]);
    });
    await expect(failing).rejects.toThrow('division by zero');
    const failingAtOnce = enterTenant(db, here, () => runSql(db, 'select 1 / $1::int', [0]));
    await expect(failingAtOnce).rejects.toThrow('division by zero');
    await addGroup('part_later');
  });
  expect(await namesLike('part')).toEqual([{ name: 'part_before' }, { name: 'part_later' }]);
});

test('a part that kept a failure to itself hears of it at its end, and what is around it goes on', async () => {
  await enterTenant(db, here, async () => {
    const careless = enterTenant(db, here, async () => {
      await addGroup('kept_inside');
      await runSql(db, 'select 1 / $1::int', [0]).catch(() => {});
    });
    await expect(careless).rejects.toThrow(/aborted/);
    await addGroup('kept_later');
  });
  expect(await namesLike('kept')).toEqual([{ name: 'kept_later' }]);
});

test('of statements asked for at once the first that fails is told, none is left, and nothing stays', async () => {
  let ended = 0;
  const together = enterTenant(db, here, () =>
    atOnce([
      addGroup('once_first'),
      runSql(db, 'select 1 / $1::int', [0]),
      one().finally(() => {
        ended++;
      }),
    ]),
  );
  await expect(together).rejects.toThrow('division by zero');
  expect(ended).toBe(1);
  expect(await namesLike('once')).toEqual([]);
});
