import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildMirror } from '../test/build_mirror';
import { tenantTables } from '../test/tenant_tables';
import { enterTenant } from './enter_tenant';
import { runSql } from './run_sql';
import { storedId } from './stored_id';

let mirror: Awaited<ReturnType<typeof buildMirror>>;
beforeAll(async () => {
  mirror = await buildMirror();
});
afterAll(() => mirror.close());

const systemTenant = '00000000-0000-0000-0000-000000000001';

test('every table that holds rows of tenants, and that the app may read, stands behind the wall', async () => {
  const { systemDb } = mirror.app;
  const open = await runSql<{ name: string }>(
    systemDb,
    `select relname as name from pg_class where relname = any($1) and not relrowsecurity`,
    [await tenantTables(mirror.app)],
  );
  expect(open).toEqual([]);
  expect((await tenantTables(mirror.app)).length).toBeGreaterThan(15);
});

test('queries without any filter show the rows of one tenant, table by table', async () => {
  const { app, here, there } = mirror;
  for (const table of await tenantTables(app)) {
    const unfiltered = `select distinct tenant_id::text as id from ${table}`;
    const all = await runSql<{ id: string }>(app.systemDb, unfiltered);
    const seen = await enterTenant(app.db, there.tenantId, () => runSql<{ id: string }>(app.db, unfiltered));
    const ids = seen.map(({ id }) => id).filter((id) => id !== systemTenant);
    const hasRows = all.some(({ id }) => id === storedId(there.tenantId));
    expect({ table, ids }).toEqual({ table, ids: hasRows ? [storedId(there.tenantId)] : [] });
    // The mirror has rows of both in most tables; were there none, this would show nothing.
    if (hasRows) expect(all.map(({ id }) => id)).toContain(storedId(here.tenantId));
  }
});

test('an update and a delete that have lost their filter leave every other tenant as it was', async () => {
  const { app, here, there } = mirror;
  const before = await mirror.digest(here);
  const changed = await mirror.undone(there, async () => {
    await app.db.messages.all().update({ text: 'overwritten' });
    await app.db.runChunks.all().delete();
    await app.db.classes.all().update({ deletedAt: Date.now() });
    return await mirror.digest(here);
  });
  expect(changed).toEqual(before);
  // The same, and it stays.
  await enterTenant(app.db, there.tenantId, () => app.db.messages.all().update({ text: 'overwritten' }));
  expect(await mirror.digest(here)).toEqual(before);
  expect(await app.systemDb.messages.where({ text: 'overwritten' }).count()).toBeGreaterThan(3);
});

test('the wall holds for somebody who has not said which tenant, and for one who names it wrongly', async () => {
  const { app } = mirror;
  expect(await app.db.messages.count()).toBe(0);
  const wrong = app.db.$transaction(
    { setConfig: { 'rapt.tenant_id': 'x' } },
    async () => await app.db.messages.count(),
  );
  await expect(wrong).rejects.toThrow(/invalid input syntax/);
});
