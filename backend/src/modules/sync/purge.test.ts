import { call } from '@orpc/server';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { runSql } from '../../db/run_sql';
import { stored, storedId } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { SyncDevice } from '../../test/sync_device';
import { encodePlace, snapshotOf } from './cursor';
import { purgeTombstones } from './services/purge_tombstones.service';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
});
afterAll(() => built.close());

const deviceOf = (userId: UserId) => new SyncDevice(built.as(userId, school.tenantId));

/** A mark now; then whatever had ended by then is purged, as if it had been kept for thirty days. */
const purgeNow = async () => {
  await purgeTombstones(built.app.systemDb, { keptMs: 3_600_000, markEveryMs: 0 });
  return purgeTombstones(built.app.systemDb, { keptMs: 0, markEveryMs: 3_600_000 });
};

async function tombstonesOf(rowId: string): Promise<number> {
  const rows = await runSql(built.app.systemDb, 'select 1 from sync_entry where del and row_id = $1', [
    rowId,
  ]);
  return rows.length;
}

/** Other tests of this server have transactions of their own, and no snapshot goes past an open one. */
async function waitUntilAllIsOver(): Promise<void> {
  const [now] = await runSql<{ xid: string }>(
    built.app.systemDb,
    'select pg_snapshot_xmax(pg_current_snapshot())::text as xid',
  );
  await vi.waitFor(async () => {
    const [oldest] = await runSql<{ xid: string }>(
      built.app.systemDb,
      'select pg_snapshot_xmin(pg_current_snapshot())::text as xid',
    );
    expect(BigInt(oldest?.xid ?? 0)).toBeGreaterThanOrEqual(BigInt(now?.xid ?? 0));
  }, 20_000);
}

async function buildClass() {
  const [teacher, pupil, leaver] = [
    await school.addPerson('teacher'),
    await school.addPerson('student'),
    await school.addPerson('student'),
  ];
  const classId = await school.addClass(teacher, [pupil, leaver]);
  const mine = stored({ tenantId: school.tenantId, classId, userId: leaver });
  const { classMemberId } = await built.app.systemDb.classMembers.findBy(mine);
  return { pupil, leaver, classId, membership: storedId(classMemberId), mine };
}

const kinds = (device: SyncDevice) => device.frames.map((frame) => frame.kind);
const mates = (device: SyncDevice) => device.of('users').map((row) => row.userId);

test('a cursor older than a purged tombstone begins anew and converges; a newer one goes on', async () => {
  const { pupil, leaver, membership, mine } = await buildClass();
  const [old, recent] = [deviceOf(pupil), deviceOf(pupil)];
  await old.pull();
  await recent.pull();
  expect(mates(old)).toContain(leaver);
  await built.app.systemDb.classMembers.where(mine).delete();
  expect(await tombstonesOf(membership)).toBeGreaterThan(0);
  await waitUntilAllIsOver();
  await recent.pull();
  expect(await purgeNow()).toBeGreaterThan(0);
  expect(await tombstonesOf(membership)).toBe(0);

  await recent.pull();
  expect(kinds(recent)).toEqual(['cursor']);
  expect(mates(recent)).not.toContain(leaver);

  await old.pull();
  expect(old.frames).toEqual([{ kind: 'reset', reason: 'age' }]);
  old.begin();
  await old.pull();
  // Of its acknowledgements each device has its own row.
  const shared = (device: SyncDevice) =>
    [...device.rows].filter(([, { table }]) => table !== 'syncClients').sort(([a], [b]) => (a < b ? -1 : 1));
  expect(shared(old)).toEqual(shared(recent));
});

test('a load whose tombstones were purged between two of its answers begins anew', async () => {
  const { pupil, mine } = await buildClass();
  const device = deviceOf(pupil);
  await device.pull();
  const begun = snapshotOf(device.cursor ?? '');
  if (!begun) throw new Error('stands nowhere');
  await built.app.systemDb.classMembers.where(mine).delete();
  await waitUntilAllIsOver();
  expect(await purgeNow()).toBeGreaterThan(0);
  const rest = await call(
    userAppRouter.sync.pull,
    {
      syncClientId: device.syncClientId,
      cursor: null,
      scopes: [],
      next: encodePlace({ t: begun, loaded: [...device.scopes] }),
    },
    { context: built.as(pupil, school.tenantId) },
  );
  expect(rest.frames).toEqual([{ kind: 'reset', reason: 'age' }]);
});

test('however many have grown old, all are purged at once', async () => {
  const many = 10_050;
  await runSql(
    built.app.systemDb,
    `insert into sync_entry (tenant_id, scope, tbl, row_id, rev, xid, del)
     select $1::uuid, 'group:old', 1, gen_random_uuid(), 1, pg_current_xact_id(), true
     from generate_series(1, $2::integer)`,
    [storedId(school.tenantId), many],
  );
  await waitUntilAllIsOver();
  expect(await purgeNow()).toBeGreaterThanOrEqual(many);
  const left = await runSql(built.app.systemDb, `select 1 from sync_entry where scope = 'group:old'`);
  expect(left).toEqual([]);
});

test('what a transaction wrote that was still open at the mark is kept for those who have yet to see it', async () => {
  const { pupil, leaver, membership, mine } = await buildClass();
  await purgeNow();
  const device = deviceOf(pupil);
  const writer = new pg.Client({ connectionString: built.url });
  await writer.connect();
  try {
    await writer.query('begin');
    await writer.query('delete from class_members where class_id = $1 and user_id = $2', [
      mine.classId,
      mine.userId,
    ]);
    await device.pull();
    await purgeTombstones(built.app.systemDb, { keptMs: 3_600_000, markEveryMs: 0 });
    await writer.query('commit');
  } finally {
    await writer.end();
  }
  await purgeTombstones(built.app.systemDb, { keptMs: 0, markEveryMs: 3_600_000 });
  expect(await tombstonesOf(membership)).toBeGreaterThan(0);
  await device.pull();
  expect(kinds(device)).not.toContain('reset');
  expect(mates(device)).not.toContain(leaver);
});

test('tombstones younger than they have to be kept stay, and so does the mark they wait for', async () => {
  const { membership, mine } = await buildClass();
  await built.app.systemDb.classMembers.where(mine).delete();
  const before = await tombstonesOf(membership);
  const options = { keptMs: 3_600_000, markEveryMs: 0 };
  for (let times = 0; times < 3; times++) expect(await purgeTombstones(built.app.systemDb, options)).toBe(0);
  expect(await tombstonesOf(membership)).toBe(before);
  const [marks] = await runSql<{ count: number }>(
    built.app.systemDb,
    'select count(*)::integer as count from sync_marks',
  );
  expect(marks?.count).toBeGreaterThanOrEqual(3);
});

test('marks of another epoch count for nothing: transaction ids began anew', async () => {
  const { membership, mine } = await buildClass();
  await built.app.systemDb.classMembers.where(mine).delete();
  const options = { keptMs: 3_600_000, markEveryMs: 600_000 };
  const owner = new pg.Client({ connectionString: built.url });
  await owner.connect();
  try {
    await owner.query('delete from sync_marks');
    await waitUntilAllIsOver();
    await purgeTombstones(built.app.systemDb, options);
    await owner.query(`update sync_marks set marked_at = marked_at - interval '1 day'`);
    const { rows } = await owner.query('select epoch from sync_epoch');
    await owner.query('update sync_epoch set epoch = gen_random_uuid()');
    expect(await purgeTombstones(built.app.systemDb, options)).toBe(0);
    expect(await tombstonesOf(membership)).toBeGreaterThan(0);
    // The same mark in its own epoch is what lets them go; and once only.
    await owner.query('update sync_epoch set epoch = $1', [rows[0].epoch]);
    expect(await purgeTombstones(built.app.systemDb, options)).toBeGreaterThan(0);
  } finally {
    await owner.end();
  }
});
