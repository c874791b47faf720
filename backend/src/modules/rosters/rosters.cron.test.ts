import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runSql } from '../../db/run_sql';
import { stored, storedId } from '../../db/stored_id';
import { createLogger } from '../../lib/logger';
import { buildApp, buildSchool } from '../../test/build_app';
import { importRoster } from './services/import_roster.service';
import { reviewDueDates } from './services/review_due_dates.service';
import { scheduleRosters } from './services/schedule_rosters.service';
import { sweepRosterRecords } from './services/sweep_roster_records.service';
import { sweepRosterRuns } from './services/sweep_roster_runs.service';
import { tellOfRosterTrouble } from './services/tell_of_roster_trouble.service';
import { undoRoster } from './services/undo_roster.service';
import { watchRosterFolder } from './services/watch_roster_folder.service';
import { describeSchool } from './test/describe_school';
import { feedFiles, makeFeed } from './test/make_feed';
import { writeZip } from './test/write_zip';
import { withRosterSource } from './with_roster_source';

let built: Awaited<ReturnType<typeof buildApp>>;
let client: pg.Client;
let folder: string;
let tenantId: TenantId;
let rootGroupId: RichId<'group'>;
const logger = createLogger('silent');

beforeAll(async () => {
  built = await buildApp();
  client = new pg.Client({ connectionString: built.url });
  await client.connect();
  folder = await mkdtemp(path.join(tmpdir(), 'rosters-cron-'));
});
afterAll(async () => {
  await client.end();
  await built.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  const school = await buildSchool(built.app.systemDb);
  tenantId = school.tenantId;
  rootGroupId = school.district;
});

const zones = ['UTC', 'Asia/Kolkata', 'Pacific/Auckland', 'America/Los_Angeles'];

/** The clock and the day of the week in a zone, so many minutes from now. */
function clockOf(timeZone: string, minutes: number) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short',
  }).formatToParts(Date.now() + minutes * 60_000);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(of('weekday'));
  return { nightlyAt: `${of('hour')}:${of('minute')}`, day };
}

async function makeSource(timeZone: string, minutes: number, weekly = false) {
  const rosterSourceId = newId('rostersource');
  const { nightlyAt, day } = clockOf(timeZone, minutes);
  const weeklyDay = weekly ? day : (day + 3) % 7;
  const when = { timeZone, nightlyAt, weeklyDay, scheduled: true, sealedSecret: 'x' };
  await built.app.systemDb.rosterSources.create({
    ...when,
    tenantId,
    rosterSourceId,
    rootGroupId,
    name: rosterSourceId,
    kind: 'rest',
  });
  return rosterSourceId;
}
const runsOf = (rosterSourceId: RichId<'rostersource'>) =>
  built.app.systemDb.rosterRuns.where(stored({ tenantId, rosterSourceId }));
const schedule = () => scheduleRosters(built.app.systemDb, built.app.enqueue, logger);

test.each(zones)('a source in %s is asked at its own hour, once, in however many processes', async (zone) => {
  const [nightly, weekly] = [await makeSource(zone, -5), await makeSource(zone, -5, true)];
  const [early, late] = [await makeSource(zone, 10), await makeSource(zone, -90)];
  await Promise.all([schedule(), schedule(), schedule()]);
  await schedule();
  const asked = { status: 'open', work: 'waiting', decision: 'apply', trigger: 'schedule' };
  expect(await runsOf(nightly)).toMatchObject([{ ...asked, scope: 'delta' }]);
  expect(await runsOf(weekly)).toMatchObject([{ ...asked, scope: 'full' }]);
  expect([await runsOf(early).count(), await runsOf(late).count()]).toEqual([0, 0]);
  const [run] = await runsOf(nightly);
  expect(built.queued).toContainEqual({
    name: 'perform_roster_run',
    input: { tenantId, rosterRunId: run?.rosterRunId },
  });
});

test('a source that is still being worked on is passed over, and nothing comes twice', async () => {
  const source = await makeSource('UTC', -5);
  const run = {
    tenantId,
    rosterSourceId: source,
    rosterRunId: newId('rosterrun'),
    counts: {},
    heldReasons: [],
  };
  await built.app.systemDb.rosterRuns.create({ ...run, status: 'open', work: 'reading' });
  await schedule();
  await schedule();
  expect(await runsOf(source).count()).toBe(1);
});

/** Has the clock look every half hour, and every run done at once. @returns what was begun, by the hour in UTC */
async function letTimePass(from: string, hours: number, source: RichId<'rostersource'>, status = 'applied') {
  const begun: [string, string][] = [];
  for (let half = 0; half < hours * 2; half++) {
    const now = new Date(Date.parse(from) + half * 1_800_000);
    await scheduleRosters(built.app.systemDb, built.app.enqueue, logger, now);
    const { rows } = await client.query<{ scope: string }>(
      `update roster_runs set work = null, status = $4, created_at = $3 where tenant_id = $1 and roster_source_id = $2
        and work = 'waiting' returning scope`,
      [storedId(tenantId), storedId(source), now, status],
    );
    for (const { scope } of rows) begun.push([now.toISOString().slice(0, 16), scope]);
  }
  return begun;
}

async function makeNightly(timeZone: string, nightlyAt: string) {
  const rosterSourceId = await makeSource(timeZone, 0);
  await built.app.systemDb.rosterSources
    .findBy(stored({ tenantId, rosterSourceId }))
    .update({ nightlyAt, weeklyDay: 0 });
  return rosterSourceId;
}

test('an hour that the clocks leave out comes with the next one, and one that comes twice counts once', async () => {
  const leftOut = await makeNightly('America/New_York', '02:30');
  expect(await letTimePass('2026-03-07T00:00:00Z', 72, leftOut)).toEqual([
    ['2026-03-07T07:30', 'delta'],
    ['2026-03-08T07:30', 'full'],
    ['2026-03-09T06:30', 'delta'],
  ]);
  const twice = await makeNightly('America/New_York', '01:30');
  expect(await letTimePass('2026-10-31T00:00:00Z', 72, twice)).toEqual([
    ['2026-10-31T05:30', 'delta'],
    ['2026-11-01T06:30', 'full'],
    ['2026-11-02T06:30', 'delta'],
  ]);
});

test('a night that was missed is left to the next one, and everything is asked for when the week was missed or failed', async () => {
  const source = await makeNightly('UTC', '02:00');
  const scopes = async (from: string, nights: number, status?: string) =>
    (await letTimePass(from, nights * 24, source, status)).map(([, scope]) => scope);
  // The 4th is a Sunday.
  expect(await scopes('2026-01-04T00:00:00Z', 2)).toEqual(['full', 'delta']);
  expect(await scopes('2026-01-08T04:00:00Z', 1)).toEqual(['delta']);
  // On the 11th the server was away; after that the school system was.
  expect(await scopes('2026-01-12T00:00:00Z', 2, 'failed')).toEqual(['full', 'full']);
  expect(await scopes('2026-01-14T00:00:00Z', 2)).toEqual(['full', 'delta']);
});

test('whoever looks after a source hears, once, of a feed that failed or waits with nobody watching', async () => {
  const { systemDb, enqueue } = built.app;
  const school = await buildSchool(systemDb);
  ({ tenantId, district: rootGroupId } = school);
  const admins = [await school.addPerson('group_admin'), await school.addPerson('system_admin')];
  await school.addPerson('teacher');
  await school.addPerson('group_admin', school.school);
  const rosterSourceId = await makeSource('UTC', 90);
  const add = async (run: object) => {
    const rosterRunId = newId('rosterrun');
    const plain = {
      tenantId,
      rosterSourceId,
      rosterRunId,
      counts: {},
      heldReasons: [],
      finishedAt: Date.now(),
    };
    await systemDb.rosterRuns.create({
      ...plain,
      status: 'failed',
      failure: 'Away.',
      trigger: 'schedule',
      ...run,
    });
  };
  await add({});
  await add({ status: 'held', failure: null, heldReasons: ['Too much.'], trigger: 'folder' });
  await add({ trigger: 'upload' });
  await add({ status: 'applied', failure: null });
  await add({ finishedAt: Date.now() - 2 * 86_400_000 });
  const tell = () => tellOfRosterTrouble(systemDb, enqueue);
  expect([await tell(), await tell()]).toEqual([2, 0]);
  const told = await systemDb.notifications.where(stored({ tenantId })).select('userId', 'workflow', 'data');
  const about = (status: string, reason: string) =>
    admins.map((userId) => ({
      userId,
      workflow: 'roster-trouble',
      data: { source: rosterSourceId, status, reason },
    }));
  expect(told).toHaveLength(4);
  expect(told).toEqual(expect.arrayContaining([...about('failed', 'Away.'), ...about('held', 'Too much.')]));
});

test('when a day has begun, memberships open and close without a feed', async () => {
  const feed = makeFeed(20);
  feed.enrollments = feed.enrollments.map((row) => (row[0] === 'e7' ? row.with(8, '2089-01-01') : row));
  const zipPath = path.join(folder, 'dates.zip');
  await writeZip(zipPath, feedFiles(feed));
  await importRoster(built.url, { tenantId, source: { name: 'SIS' }, zipPath, decision: 'apply' });
  const { systemDb } = built.app;
  expect(await reviewDueDates(systemDb, built.url, logger)).toBe(0);
  await client.query(
    `update external_refs set data = data || '{"end": "2021-01-01"}' where sourced_id = 'e7' and tenant_id = $1`,
    [storedId(tenantId)],
  );
  await systemDb.rosterSources.where(stored({ tenantId })).update({ datesReviewedOn: '2026-01-01' });
  expect(await reviewDueDates(systemDb, built.url, logger)).toBe(1);
  const members = (await describeSchool(client, tenantId)).filter((line) => line.startsWith('member '));
  expect(members).toHaveLength(21);
  expect(await reviewDueDates(systemDb, built.url, logger)).toBe(0);
});

test('zips laid into the folder of a source are read once, and what is no roster is put aside', async () => {
  const rosterSourceId = newId('rostersource');
  await built.app.systemDb.rosterSources.create({ tenantId, rosterSourceId, rootGroupId, name: 'Folder' });
  const place = path.join(folder, 'watched', rosterSourceId);
  await mkdir(path.join(folder, 'watched', 'something else'), { recursive: true });
  await mkdir(place);
  await writeZip(path.join(place, 'a.zip'), feedFiles(makeFeed(20)));
  await writeFile(path.join(place, 'b.zip'), 'no zip');
  const { systemDb } = built.app;
  const watch = (now: number) =>
    watchRosterFolder(systemDb, built.url, path.join(folder, 'watched'), logger, now);
  expect(await watch(Date.now() + 50_000)).toBe(0);
  expect(await watch(Date.now() + 120_000)).toBe(1);
  expect((await readdir(place)).sort()).toEqual(['read', 'refused']);
  expect(await watch(Date.now() + 120_000)).toBe(0);
  expect(await runsOf(rosterSourceId).order('createdAt')).toMatchObject([
    { status: 'applied', trigger: 'folder', fileName: 'a.zip' },
    { status: 'failed', trigger: 'folder', fileName: 'b.zip' },
  ]);
});

describe('of a watched folder', () => {
  async function makePlace() {
    const rosterSourceId = newId('rostersource');
    await built.app.systemDb.rosterSources.create({
      tenantId,
      rosterSourceId,
      rootGroupId,
      name: rosterSourceId,
    });
    const watched = path.join(folder, rosterSourceId.slice(-8));
    const place = path.join(watched, rosterSourceId);
    await mkdir(place, { recursive: true });
    const watch = () =>
      watchRosterFolder(built.app.systemDb, built.url, watched, logger, Date.now() + 120_000);
    return { rosterSourceId, place, watch };
  }
  const lay = (place: string, name: string) => writeZip(path.join(place, name), feedFiles(makeFeed(20)));

  test('links are left alone, whatever they lead to, and so are folders', async () => {
    const { rosterSourceId, place, watch } = await makePlace();
    const next = await makePlace();
    await lay(next.place, 'theirs.ZIP');
    await symlink(path.join(next.place, 'theirs.ZIP'), path.join(place, 'mine.zip'));
    await symlink(path.join(place, 'nowhere'), path.join(place, 'gone.zip'));
    await mkdir(path.join(place, 'folder.zip'));
    expect(await watch()).toBe(0);
    expect(await runsOf(rosterSourceId).count()).toBe(0);
    expect(await next.watch()).toBe(1);
  });

  test('the same file twice changes nothing the second time', async () => {
    const { rosterSourceId, place, watch } = await makePlace();
    await lay(place, 'a.zip');
    await copyFile(path.join(place, 'a.zip'), path.join(place, 'b.zip'));
    expect(await watch()).toBe(2);
    const runs = await runsOf(rosterSourceId).order('createdAt');
    expect(runs).toMatchObject([{ counts: { 'user.add': 22 } }, { counts: { unchanged: 50 } }]);
    expect(runs[1]?.counts).not.toHaveProperty('user.add');
  });

  test('a file that could not be put away is not read at all', async () => {
    const { rosterSourceId, place, watch } = await makePlace();
    await lay(place, 'a.zip');
    await writeFile(path.join(place, 'read'), 'a file where a folder should be');
    await expect(watch()).rejects.toThrow('EEXIST');
    expect(await runsOf(rosterSourceId).count()).toBe(0);
  });

  test('a file at which the server itself fails is put aside, and the next one is read', async () => {
    const { rosterSourceId, place, watch } = await makePlace();
    await lay(place, 'a.zip');
    await client.query(
      `create function public.fail_once() returns trigger language plpgsql as $$ begin raise 'no good'; end $$;
       create trigger fail_once before insert on external_refs for each statement execute function public.fail_once()`,
    );
    try {
      expect(await watch()).toBe(0);
    } finally {
      await client.query('drop trigger fail_once on external_refs; drop function public.fail_once()');
    }
    await lay(place, 'b.zip');
    expect(await watch()).toBe(1);
    expect(await readdir(path.join(place, 'refused'))).toEqual([expect.stringMatching(/ a[.]zip$/)]);
    expect(await runsOf(rosterSourceId).order('createdAt')).toMatchObject([
      { status: 'failed', failure: 'Something went wrong on the server.' },
      { status: 'applied' },
    ]);
  });

  test('a file of which a process was killed in the middle is read again, and its first run says so', async () => {
    const { rosterSourceId, place, watch } = await makePlace();
    await lay(place, 'a.zip');
    const left = { tenantId, rosterSourceId, rosterRunId: newId('rosterrun'), counts: {}, heldReasons: [] };
    await built.app.systemDb.rosterRuns.create({
      ...left,
      status: 'open',
      work: 'reading',
      trigger: 'folder',
    });
    expect(await watch()).toBe(1);
    expect(await runsOf(rosterSourceId).order('createdAt')).toMatchObject([
      { status: 'failed', failure: expect.stringContaining('The process that worked on it ended') },
      { status: 'applied' },
    ]);
  });

  test('while another run of the source is on a file waits where it is', async () => {
    const { rosterSourceId, place, watch } = await makePlace();
    await lay(place, 'a.zip');
    const meanwhile = withRosterSource(built.url, tenantId, { rosterSourceId }, watch);
    await expect(meanwhile).rejects.toThrow('Another run of this source');
    expect(await readdir(place)).toContain('a.zip');
    expect(await watch()).toBe(1);
  });
});

test('a folder that cannot be read keeps no other source from being read', async () => {
  const { systemDb } = built.app;
  const watched = path.join(folder, 'watched alone');
  // Folders come in the order of their names, so the broken one stands in the way of the other.
  const [broken, whole] = [newId('rostersource'), newId('rostersource')].sort();
  if (!broken || !whole) throw new Error('two were made');
  for (const rosterSourceId of [broken, whole]) {
    await systemDb.rosterSources.create({ tenantId, rosterSourceId, rootGroupId, name: rosterSourceId });
  }
  await mkdir(path.join(watched, whole), { recursive: true });
  await writeFile(path.join(watched, broken), 'a file where a folder should be');
  await writeZip(path.join(watched, whole, 'a.zip'), feedFiles(makeFeed(20)));
  const reading = watchRosterFolder(systemDb, built.url, watched, logger, Date.now() + 120_000);
  await expect(reading).rejects.toThrow('ENOTDIR');
  expect(await runsOf(whole)).toMatchObject([{ trigger: 'folder', fileName: 'a.zip' }]);
});

test('dates of other sources are looked at, also when those of one cannot be', async () => {
  const { systemDb } = built.app;
  const past = { datesReviewedOn: '2026-01-01' };
  const [broken, whole] = [newId('rostersource'), newId('rostersource')];
  for (const rosterSourceId of [broken, whole]) {
    await systemDb.rosterSources.create({ tenantId, rosterSourceId, rootGroupId, name: rosterSourceId });
  }
  await systemDb.rosterSources.where(stored({ tenantId })).update(past);
  await systemDb.rosterSources
    .findBy(stored({ tenantId, rosterSourceId: broken }))
    .update({ datesReviewedOn: '2025-12-31' });
  await client.query(
    `create function public.fail_always() returns trigger language plpgsql as $$ begin raise 'no good'; end $$;
     create trigger fail_always before update on roster_sources for each row
     when (old.roster_source_id = '${storedId(broken)}') execute function public.fail_always()`,
  );
  try {
    await expect(reviewDueDates(systemDb, built.url, logger)).rejects.toThrow('no good');
  } finally {
    await client.query('drop trigger fail_always on roster_sources; drop function public.fail_always()');
  }
  expect(await systemDb.rosterSources.where(past).count()).toBe(0);
});

test('an upload that was begun and left ends after a day, and its parts go', async () => {
  const { systemDb } = built.app;
  const rosterSourceId = newId('rostersource');
  await systemDb.rosterSources.create({ tenantId, rosterSourceId, rootGroupId, name: 'Uploads' });
  const [left, fresh] = [newId('rosterrun'), newId('rosterrun')];
  for (const rosterRunId of [left, fresh]) {
    const run = { tenantId, rosterSourceId, rosterRunId, counts: {}, heldReasons: [] };
    await systemDb.rosterRuns.create({ ...run, status: 'open', trigger: 'upload' });
    await systemDb.rosterPackages.create({ tenantId, rosterRunId, part: 0, bytes: Buffer.from('PK') });
  }
  await client.query(
    `update roster_runs set created_at = now() - interval '25 hours' where roster_run_id = $1`,
    [storedId(left)],
  );
  expect(await sweepRosterRuns(systemDb)).toBe(1);
  expect(await systemDb.rosterRuns.findBy(stored({ tenantId, rosterRunId: left }))).toMatchObject({
    status: 'failed',
  });
  expect(await systemDb.rosterPackages.where(stored({ tenantId })).select('rosterRunId')).toEqual([
    { rosterRunId: fresh },
  ]);
});

test('a run of another school that bears the same id keeps its parts, and parts that came too late go', async () => {
  const { systemDb } = built.app;
  const [mine, other] = [{ tenantId, rootGroupId }, await buildSchool(systemDb)];
  const theirs = { tenantId: other.tenantId, rootGroupId: other.district };
  const [rosterSourceId, rosterRunId, ended] = [
    newId('rostersource'),
    newId('rosterrun'),
    newId('rosterrun'),
  ];
  for (const school of [mine, theirs]) {
    await systemDb.rosterSources.create({ ...school, rosterSourceId, name: 'Uploads' });
    const run = { tenantId: school.tenantId, rosterSourceId, counts: {}, heldReasons: [] };
    const part = { tenantId: school.tenantId, part: 0, bytes: Buffer.from('PK') };
    await systemDb.rosterRuns.create({ ...run, rosterRunId, status: 'open', trigger: 'upload' });
    await systemDb.rosterPackages.create({ ...part, rosterRunId });
    await systemDb.rosterRuns.create({ ...run, rosterRunId: ended, status: 'failed', trigger: 'upload' });
    await systemDb.rosterPackages.create({ ...part, rosterRunId: ended });
  }
  await client.query(
    `update roster_runs set created_at = now() - interval '25 hours' where tenant_id = $1 and roster_run_id = $2`,
    [storedId(theirs.tenantId), storedId(rosterRunId)],
  );
  expect(await sweepRosterRuns(systemDb)).toBe(1);
  const parts = systemDb.rosterPackages.where({ rosterRunId: { in: [rosterRunId, ended].map(storedId) } });
  expect(await parts.select('tenantId', 'rosterRunId')).toEqual([{ tenantId, rosterRunId }]);
});

test('work that came to no end is given up, and its source is asked again', async () => {
  const { systemDb } = built.app;
  const source = await makeSource('UTC', -5);
  const make = async (run: object) => {
    const rosterRunId = newId('rosterrun');
    await systemDb.rosterRuns.create({
      ...{ tenantId, rosterSourceId: source, rosterRunId, counts: {}, heldReasons: [] },
      ...{ status: 'open', work: 'waiting', decision: 'apply', ...run },
    });
    return rosterRunId;
  };
  const [dead, undecided] = [await make({}), await make({ status: 'held', decision: 'approve' })];
  await client.query(`update roster_runs set updated_at = now() - interval '13 hours' where tenant_id = $1`, [
    storedId(tenantId),
  ]);
  const live = await make({ work: 'reading' });
  expect(await sweepRosterRuns(systemDb)).toBe(2);
  const read = (rosterRunId: RichId<'rosterrun'>) =>
    systemDb.rosterRuns.findBy(stored({ tenantId, rosterRunId })).select('status', 'work', 'decision');
  expect(await read(dead)).toEqual({ status: 'failed', work: null, decision: null });
  expect(await read(undecided)).toEqual({ status: 'held', work: null, decision: null });
  expect(await read(live)).toEqual({ status: 'open', work: 'reading', decision: 'apply' });
  await systemDb.rosterRuns.findBy(stored({ tenantId, rosterRunId: live })).update({ work: null });
  await schedule();
  expect(await runsOf(source).where({ trigger: 'schedule' }).count()).toBe(1);
});

test('a source of another school that bears the same id takes neither its hour nor its turn', async () => {
  const { systemDb } = built.app;
  const rosterSourceId = await makeSource('UTC', -5);
  const other = await buildSchool(systemDb);
  const source = await systemDb.rosterSources.findBy(stored({ tenantId, rosterSourceId }));
  const { createdAt: _, updatedAt: __, ...rest } = source;
  await systemDb.rosterSources.create({ ...rest, tenantId: other.tenantId, rootGroupId: other.district });
  await schedule();
  const runs = systemDb.rosterRuns.where(stored({ rosterSourceId })).select('tenantId', 'trigger');
  expect((await runs).map((run) => run.tenantId).sort()).toEqual([tenantId, other.tenantId].sort());
  const both = withRosterSource(built.url, tenantId, { rosterSourceId }, () =>
    withRosterSource(built.url, other.tenantId, { rosterSourceId }, async ({ source }) => source.tenantUuid),
  );
  await expect(both).resolves.toBe(storedId(other.tenantId));
});

test('looking for records to let go of does not read those that stay', async () => {
  const { systemDb } = built.app;
  const zipPath = path.join(folder, 'stays.zip');
  await writeZip(zipPath, feedFiles(makeFeed(200)));
  await importRoster(built.url, { tenantId, source: { name: 'SIS' }, zipPath, decision: 'apply' });
  await client.query(
    `insert into roster_runs (tenant_id, roster_run_id, roster_source_id, status, counts, held_reasons, finished_at, records_kept, updated_at)
    select tenant_id, uuidv7(), roster_source_id, 'applied', '{}', '[]', now() - interval '90 days', false, now() - interval '60 days'
    from roster_sources cross join generate_series(1, 500) where tenant_id = $1`,
    [storedId(tenantId)],
  );
  await client.query('analyze roster_runs, roster_diffs');
  const read = await systemDb.$transaction(async () => {
    await sweepRosterRecords(systemDb);
    return runSql<{ read: number }>(
      systemDb,
      `select (seq_tup_read + idx_tup_fetch)::int as read from pg_stat_xact_user_tables where relname = 'roster_diffs'`,
    );
  });
  expect(read).toEqual([{ read: 0 }]);
});

test('what a run did to single records goes after a month, but for the last applied run, which can be taken back', async () => {
  const { systemDb } = built.app;
  const read = async (pupils: number, decision: 'apply' | 'preview') => {
    const zipPath = path.join(folder, `kept-${pupils}.zip`);
    await writeZip(zipPath, feedFiles(makeFeed(pupils)));
    return importRoster(built.url, { tenantId, source: { name: 'SIS' }, zipPath, decision });
  };
  const [first, last, waiting, fresh] = [
    await read(20, 'apply'),
    await read(21, 'apply'),
    await read(22, 'preview'),
    await read(23, 'preview'),
  ];
  const age = (runs: { rosterRunId: RichId<'rosterrun'> }[]) =>
    client.query(
      `update roster_runs set finished_at = finished_at - interval '31 days', created_at = created_at - interval '31 days'
      where roster_run_id = any ($1)`,
      [runs.map(({ rosterRunId }) => storedId(rosterRunId))],
    );
  await age([first, last, waiting]);
  const recordsOf = async ({ rosterRunId }: { rosterRunId: RichId<'rosterrun'> }) => [
    await systemDb.rosterRuns.findBy(stored({ tenantId, rosterRunId })).select('status', 'recordsKept'),
    (await systemDb.rosterDiffs.where(stored({ tenantId, rosterRunId })).count()) > 0,
  ];
  expect(await sweepRosterRecords(systemDb)).toBeGreaterThan(20);
  expect(await sweepRosterRecords(systemDb)).toBe(0);
  expect(await recordsOf(first)).toEqual([{ status: 'applied', recordsKept: false }, false]);
  expect(await recordsOf(last)).toEqual([{ status: 'applied', recordsKept: true }, true]);
  expect(await recordsOf(waiting)).toEqual([{ status: 'discarded', recordsKept: false }, false]);
  expect(await recordsOf(fresh)).toEqual([{ status: 'diffed', recordsKept: true }, true]);

  const source = { name: 'SIS' };
  expect(await undoRoster(built.url, tenantId, source)).toBeGreaterThan(0);
  await expect(undoRoster(built.url, tenantId, source)).rejects.toThrow('no longer kept');
  expect(await recordsOf(first)).toEqual([{ status: 'applied', recordsKept: false }, false]);
});
