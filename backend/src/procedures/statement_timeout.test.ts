import { call } from '@orpc/server';
import { DoneZod } from '@raptscallions/zod-schemas/me.zod';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDb, type Db } from '../db/db';
import { runSql } from '../db/run_sql';
import { userAppRouter } from '../routers/user_app.router';
import { buildApp, buildSchool } from '../test/build_app';
import type { App, RequestContext } from './context';
import {
  rpcProtectedProcedure,
  rpcReadProcedure,
  rpcSensitiveTenantProcedure,
  rpcTenantProcedure,
} from './procedures';

const stopAfterMs = 150;
let built: Awaited<ReturnType<typeof buildApp>>;
let app: App;
let dbRO: Db;
let systemDb: Db;
let school: Awaited<ReturnType<typeof buildSchool>>;
let context: RequestContext;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
  dbRO = connectDb(built.url, 'read', 1, stopAfterMs);
  systemDb = connectDb(built.url, 'system', 1, stopAfterMs);
  app = {
    ...built.app,
    dbRO,
    systemDb,
    config: { ...built.app.config, DATABASE_STATEMENT_TIMEOUT_MS: stopAfterMs },
  };
  const teacher = await school.addPerson('teacher');
  context = { ...built.as(teacher, school.tenantId), app };
});
afterAll(async () => {
  await dbRO.$close();
  await systemDb.$close();
  await built.close();
});

const done = { __type: 'Done' as const };
const sleep = (db: Db, seconds: number) => runSql(db, 'select pg_sleep($1)', [seconds]);
const tooLong = { code: 'SERVICE_UNAVAILABLE', status: 503, data: { details: { reason: 'timeout' } } };

const write = rpcTenantProcedure.output(DoneZod).handler(async ({ context: { tenant } }) => {
  await sleep(tenant.db, 60);
  return done;
});
const read = rpcReadProcedure.output(DoneZod).handler(async ({ context: { tenant } }) => {
  await sleep(tenant.dbRO, 60);
  return done;
});
const signIn = rpcProtectedProcedure.output(DoneZod).handler(async ({ context }) => {
  await sleep(context.app.systemDb, 60);
  return done;
});

test.each([
  ['writes', write],
  ['reads', read],
  ['asks for what is the installation’s', signIn],
])('a procedure that %s is stopped when the database takes too long, and says so', async (_, procedure) => {
  await expect(call(procedure, undefined, { context })).rejects.toMatchObject(tooLong);
  // The connection is whole, and goes on for whoever comes next.
  for (const db of [app.dbRO, app.systemDb]) {
    expect(await runSql(db, 'select 1 as one')).toEqual([{ one: 1 }]);
  }
});

test('an export or an erasure is given the time it takes', async () => {
  const long = rpcSensitiveTenantProcedure
    .meta({ takesLong: true })
    .output(DoneZod)
    .handler(async ({ context: { tenant } }) => {
      await sleep(tenant.db, (stopAfterMs * 3) / 1_000);
      return done;
    });
  expect(await call(long, undefined, { context })).toEqual(done);
});

test('the time is each statement’s own, and whoever works without a request has none', async () => {
  const several = rpcTenantProcedure.output(DoneZod).handler(async ({ context: { tenant } }) => {
    for (let at = 0; at < 4; at++) await sleep(tenant.db, stopAfterMs / 2_000);
    return done;
  });
  expect(await call(several, undefined, { context })).toEqual(done);
  await sleep(app.db, (stopAfterMs * 3) / 1_000);
});

test('what an erasure takes from the installation is given the time it takes, too', async () => {
  const [admin, pupil] = [await school.addPerson('group_admin'), await school.addPerson('student')];
  const { tenantId } = school;
  await built.app.systemDb.authUsers.create({
    id: pupil,
    tenantId,
    name: 'P',
    email: 'p@school.example',
    emailVerified: true,
  });
  const owner = new pg.Client({ connectionString: built.url });
  await owner.connect();
  await owner.query(`create function slowly() returns trigger language plpgsql as $$
    begin perform pg_sleep(${(stopAfterMs * 3) / 1_000}); return old; end $$;
    create trigger slowly before delete on auth_users for each row execute function slowly()`);
  try {
    const asAdmin = { ...built.as(admin, tenantId), app };
    const erased = call(userAppRouter.privacy.erasePerson, { userId: pupil }, { context: asAdmin });
    expect((await erased).counts).toMatchObject({ users: 1 });
  } finally {
    await owner.query('drop function slowly() cascade');
    await owner.end();
  }
});
