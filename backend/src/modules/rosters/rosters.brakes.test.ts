import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { beforeEach, expect, test, vi } from 'vitest';
import { useRosters } from '../../test/use_rosters';
import { hashFile, importRoster } from './services/import_roster.service';
import { type Feed, feedFiles, makeFeed } from './test/make_feed';

const { now, zipOf, importFiles, importFeed, decide, picture } = useRosters();
let built: ReturnType<typeof now>['built'];
let client: ReturnType<typeof now>['client'];
let tenantId: ReturnType<typeof now>['tenantId'];
beforeEach(() => {
  ({ built, client, tenantId } = now());
});

test('a feed that would end more than a tenth is held and changes nothing, until somebody approves it', async () => {
  await importFeed(makeFeed(40));
  const before = await picture();
  const less = makeFeed(20);
  const held = await importFeed(less);
  expect(held.status).toBe('held');
  expect(held.heldReasons.join(' ')).toContain('more than 10 %');
  expect(await picture()).toEqual(before);
  expect((await decide('additions_only')).status).toBe('applied');
  expect(await picture()).toEqual(before);
  expect((await importFeed(less)).status).toBe('held');
  expect((await decide('approve')).status).toBe('applied');
  const after = await picture();
  expect(after.filter((line) => line.startsWith('member '))).toHaveLength(22);
  expect(after).toContain('user Pu Pil 39 suspended - p39');
});

test('header-only files, missing files and half-emptied classes are held', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  expect((await importFeed({ ...feed, enrollments: [] })).status).toBe('held');
  const { enrollments: _left, ...rest } = feed;
  expect((await importFeed(rest)).heldReasons.join(' ')).toContain('missing');
  const shrunk = feed.enrollments.filter(([id]) => !['e0', 'e1', 'e2', 'e3', 'e4', 'e5'].includes(id ?? ''));
  expect((await importFeed({ ...feed, enrollments: shrunk })).heldReasons.join(' ')).toContain('over half');
  expect((await importFiles({ 'manifest.csv': 'propertyName,value\r\n' })).counts.rows).toBe(0);
});

test('a feed of which more than one row in twenty is wrong is held, one in twenty is not', async () => {
  const feed = makeFeed(170);
  await importFeed(feed);
  const rows = feed.orgs.length + 1 + feed.classes.length + feed.users.length + feed.enrollments.length;
  const spoil = (wrong: number) => ({
    ...feed,
    users: [...feed.users, ...Array.from({ length: wrong }, (_, at) => [`no id ${at}!`, '', '', 'true'])],
  });
  const most = Math.floor(rows / 19);
  expect(await importFeed(spoil(most))).toMatchObject({ status: 'applied', counts: { rejected: most } });
  const report = await importFeed(spoil(most + 2));
  expect(report.status).toBe('held');
  expect(report.heldReasons.join(' ')).toContain('more than 5 %');
});

test('classes that come back under new ids are held', async () => {
  const feed = makeFeed(200);
  await importFeed(feed);
  const rename = (row: string[]) => row.map((cell) => (cell === 'c3' ? 'c3-new' : cell));
  const report = await importFeed({
    ...feed,
    classes: feed.classes.map(rename),
    enrollments: feed.enrollments.map(rename),
  });
  expect(report.heldReasons.join(' ')).toContain('new ids');
});

test('what is approved is the run that was looked at, and no other file', async () => {
  await importFeed(makeFeed(40));
  const shown = await zipOf(feedFiles(makeFeed(20)));
  const other = await zipOf(feedFiles(makeFeed(10)));
  const source = { name: 'SIS' };
  await importRoster(built.url, { tenantId, source, zipPath: shown, decision: 'apply' });
  await expect(decide('approve', await hashFile(other))).rejects.toThrow('not the file');
  await expect(decide('approve', await hashFile(shown))).resolves.toMatchObject({ status: 'applied' });
  await expect(decide('approve')).rejects.toThrow('waits');
});

test('a run whose records are let go of while somebody decides about it is not carried out by halves', async () => {
  await importFeed(makeFeed(40));
  const before = await picture();
  const { rosterRunId } = await importFeed(makeFeed(60), 'preview');
  const sweep = new pg.Client({ connectionString: built.url });
  await sweep.connect();
  try {
    await sweep.query('begin');
    await sweep.query(
      `update roster_runs set records_kept = false, status = 'discarded' where tenant_id = $1 and roster_run_id = $2`,
      [uuidFromId('tenant', tenantId), uuidFromId('rosterrun', rosterRunId)],
    );
    const deciding = decide('approve').catch((error: unknown) => error);
    await vi.waitUntil(
      async () => {
        const { rowCount } = await client.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return rowCount;
      },
      { timeout: 20_000 },
    );
    await sweep.query('commit');
    expect(await deciding).toMatchObject({ code: 'NOT_FOUND' });
  } finally {
    await sweep.end();
  }
  expect(await picture()).toEqual(before);
});

test('an approval is refused when the source has changed since the preview', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  const renamed = (name: string) => ({
    ...feed,
    users: feed.users.map((row) => (row[0] === 'p3' ? row.with(7, name) : row)),
  });
  await importFeed(renamed('Shown'), 'preview');
  await importFeed(renamed('Newer'));
  await expect(decide('approve')).rejects.toThrow('changed since');
  expect(await picture()).toContain('user Newer Pil 3 active - p3');
  expect((await decide('discard')).status).toBe('discarded');
  await expect(decide('approve')).rejects.toThrow('waits');
});

test('a feed whose dates close everything is held as one that ends everything', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  const closed = { ...feed, enrollments: feed.enrollments.map((row) => row.with(8, '2021-01-01')) };
  const before = await picture();
  const report = await importFeed(closed);
  expect(report.status).toBe('held');
  expect(report.heldReasons.join(' ')).toContain('44 of 44 enrolments');
  const disabled = { ...feed, users: feed.users.map((row) => row.with(3, 'false')) };
  expect((await importFeed(disabled)).heldReasons.join(' ')).toContain('44 of 44 people');
  expect(await picture()).toEqual(before);
});

test('a delta is held as a bulk feed is, whether it names the ends or only changes what is there', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  const before = await picture();
  const some = feed.enrollments.slice(0, 5).map((row) => row.with(2, '2026-11-01'));
  const named = { enrollments: some.map((row) => row.with(1, 'tobedeleted')) };
  const closed = { enrollments: some.map((row) => row.with(1, 'active').with(8, '2021-01-01')) };
  for (const delta of [named, closed]) {
    const report = await importFeed(delta, 'apply', ['enrollments']);
    expect(report.heldReasons.join(' ')).toContain('5 of 44 enrolments');
  }
  expect(await picture()).toEqual(before);
});

test.each<[string, (feed: Feed, gone: string[]) => Parameters<typeof importFeed>]>([
  [
    'a feed',
    (feed, gone) => [{ ...feed, enrollments: feed.enrollments.filter(([id]) => !gone.includes(id ?? '')) }],
  ],
  [
    'a delta',
    (feed, gone) => [
      {
        enrollments: feed.enrollments
          .filter(([id]) => gone.slice(-3).includes(id ?? ''))
          .map((row) => row.with(1, 'active').with(8, '2021-01-01')),
      },
      'apply',
      ['enrollments'],
    ],
  ],
])(
  '%s that takes a little each night is held when it has become much, until somebody has looked',
  async (_by, next) => {
    const feed = makeFeed(40);
    await importFeed(feed);
    // From different classes, so that none of them is emptied by half.
    const order = ['e0', 'e10', 'e20', 'e30', 'e1', 'e11', 'e21', 'e31', 'e2', 'e12', 'e22', 'e32'];
    expect((await importFeed(...next(feed, order.slice(0, 3)))).status).toBe('applied');
    const held = await importFeed(...next(feed, order.slice(0, 6)));
    expect(held.heldReasons).toEqual([
      expect.stringMatching(/^6 of 4[47] enrolments would be gone that were here a week ago or less/),
    ]);
    await decide('approve');
    expect((await importFeed(...next(feed, order.slice(0, 9)))).status).toBe('applied');
    expect((await importFeed(...next(feed, order))).status).toBe('held');
  },
);

test('who goes and is followed by others is no shrinking, and what was taken longer ago is another matter', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  let pupils = feed.enrollments;
  for (let night = 0; night < 5; night++) {
    const goes = [`e${night}`, `e1${night}`, `e2${night}`];
    const follow = goes.map((id) => [`n${night}-${id}`, '', '', 'c3', 's2', `p${night}`, 'student', '', '']);
    pupils = [...pupils.filter(([id]) => !goes.includes(id ?? '')), ...follow];
    expect(await importFeed({ ...feed, enrollments: pupils })).toMatchObject({ heldReasons: [] });
  }
  const without = (...ids: string[]) => ({
    ...feed,
    enrollments: pupils.filter(([id]) => !ids.includes(id ?? '')),
  });
  expect((await importFeed(without('e30', 'e31', 'e32'))).status).toBe('applied');
  await client.query(
    `update roster_runs set finished_at = finished_at - interval '8 days' where tenant_id = $1`,
    [uuidFromId('tenant', tenantId)],
  );
  expect((await importFeed(without('e30', 'e31', 'e32', 'e33', 'e34', 'e35'))).heldReasons).toEqual([]);
});

test('an older run is not approved over a newer one, though that touched other records', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  await importFeed({ ...feed, enrollments: feed.enrollments.filter(([id]) => id !== 'e7') }, 'preview');
  const renamed = feed.users.map((row) => (row[0] === 'p3' ? row.with(7, 'Newer') : row));
  await importFeed({ ...feed, users: renamed });
  await expect(decide('approve')).rejects.toThrow('changed since');
  await expect(decide('additions_only')).rejects.toThrow('changed since');
});
