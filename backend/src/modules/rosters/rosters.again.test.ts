import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { newId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { beforeEach, expect, test } from 'vitest';
import { stored, storedId } from '../../db/stored_id';
import { useRosters } from '../../test/use_rosters';
import { readerVersion } from './reader_version';
import { performRosterRun } from './services/perform_roster_run.service';
import { undoRoster } from './services/undo_roster.service';
import { type Feed, feedFiles, makeFeed } from './test/make_feed';

const { now, zipOf, importFeed, picture } = useRosters();
let built: ReturnType<typeof now>['built'];
let client: ReturnType<typeof now>['client'];
let school: ReturnType<typeof now>['school'];
let tenantId: ReturnType<typeof now>['tenantId'];
beforeEach(() => {
  ({ built, client, school, tenantId } = now());
});

test('the same feed again, in any row order, writes nothing', async () => {
  const feed = makeFeed(20);
  await importFeed(feed);
  const before = await picture();
  const turned: Feed = {
    ...feed,
    users: feed.users.toReversed(),
    enrollments: feed.enrollments.toReversed(),
  };
  const report = await importFeed(turned);
  expect(report.counts).toEqual({ rows: 50, rejected: 0, repeated: 0, unchanged: 50 });
  expect(await picture()).toEqual(before);
});

test('who goes to another class and school leaves the old ones, also by the first feed of a day', async () => {
  const feed = makeFeed(20);
  await importFeed(feed);
  const next: Feed = {
    ...feed,
    users: feed.users.map((row) => (row[0] === 'p3' ? row.with(4, 's2') : row)),
    enrollments: feed.enrollments.map((row) => (row[0] === 'e3' ? row.with(3, 'c1') : row)),
  };
  await built.app.systemDb.rosterSources
    .where(stored({ tenantId }))
    .update({ datesReviewedOn: '2026-01-01' });
  await importFeed(next);
  const { rows } = await client.query(
    `select g.name, m.user_id from users u join group_members m using (tenant_id, user_id) join groups g using (tenant_id, group_id)
      where u.tenant_id = $1 and u.name = 'Pu Pil 3'
    union all select r.sourced_id, m.user_id from users u join class_members m using (tenant_id, user_id)
      join external_refs r on r.tenant_id = m.tenant_id and r.internal_id = m.class_id
      where u.tenant_id = $1 and u.name = 'Pu Pil 3' order by 1`,
    [storedId(tenantId)],
  );
  expect(rows.map(({ name }) => name)).toEqual(['South School', 'c1']);
});

/** So many times in a row an import is the one that the database chooses out of two that wait for each other. */
async function giveWay(times: number) {
  await client.query(`create sequence public.chosen; grant usage on public.chosen to public;
    create function public.choose() returns trigger language plpgsql as $$ begin
      if nextval('public.chosen') <= ${times} then raise deadlock_detected; end if; return null; end $$;
    create trigger choose after insert on class_members for each statement execute function public.choose()`);
  return () =>
    client.query(
      'drop trigger choose on class_members; drop function public.choose(); drop sequence public.chosen',
    );
}

test('an import that the database makes give way to an edit begins anew', async () => {
  const goOn = await giveWay(2);
  try {
    expect(await importFeed(makeFeed(20))).toMatchObject({ status: 'applied', issues: 0 });
  } finally {
    await goOn();
  }
  expect((await picture()).filter((line) => line.startsWith('member '))).toHaveLength(22);
  const runs = await built.app.systemDb.rosterRuns.where(stored({ tenantId })).select('status', 'failure');
  expect(runs).toEqual([{ status: 'applied', failure: null }]);
});

test('a run that has to give way again and again stays open, for the queue to come back to it', async () => {
  const db = built.app.systemDb;
  const rosterSourceId = newId('rostersource');
  await db.rosterSources.create({ tenantId, rosterSourceId, rootGroupId: school.district, name: 'Upload' });
  const rosterRunId = newId('rosterrun');
  const run = { tenantId, rosterRunId, rosterSourceId, counts: {}, heldReasons: [] };
  await db.rosterRuns.create({
    ...run,
    decision: 'apply',
    status: 'open',
    work: 'waiting',
    trigger: 'upload',
  });
  const bytes = await readFile(await zipOf(feedFiles(makeFeed(20))));
  await db.rosterPackages.create({ tenantId, rosterRunId, part: 0, bytes });
  const { logger, secretBox } = built.app;
  const tools = { databaseUrl: built.url, logger, secretBox, allowedHosts: [] };
  const read = () =>
    db.rosterRuns.findBy(stored({ tenantId, rosterRunId })).select('status', 'decision', 'failure');
  const goOn = await giveWay(1_000);
  try {
    await expect(performRosterRun(tools, { tenantId, rosterRunId })).rejects.toMatchObject({ code: '40P01' });
    expect(await read()).toEqual({ status: 'open', decision: 'apply', failure: null });
  } finally {
    await goOn();
  }
  await performRosterRun(tools, { tenantId, rosterRunId });
  expect(await read()).toEqual({ status: 'applied', decision: null, failure: null });
});

test('a feed that was applied last is known again byte for byte, until anything else has written its records', async () => {
  const feed = makeFeed(20);
  const odd = {
    ...feed,
    enrollments: [...feed.enrollments, ['e-odd', '', '', 'c0', 's1', 'nobody', 'student', '', '']],
  };
  const first = await importFeed(odd);
  const before = await picture();
  // Nothing was staged, so nothing can have been repeated, and the complaint is the one of the first reading.
  const again = await importFeed(odd);
  expect(again).toMatchObject({ status: 'applied', issues: first.issues, heldReasons: [] });
  expect(again.counts).toEqual({ rows: 51, rejected: 0, repeated: 0, unchanged: 51 });
  expect((await importFeed(odd, 'preview')).status).toBe('diffed');
  expect(await picture()).toEqual(before);
  await undoRoster(built.url, tenantId, { name: 'SIS' });
  await undoRoster(built.url, tenantId, { name: 'SIS' });
  // Taken back, nothing of it is ours any more: the same bytes are read again, row by row.
  expect((await importFeed(odd)).counts).toMatchObject({ unchanged: 0 });
  expect(await picture()).toEqual(before);
  await client.query(`delete from external_refs where tenant_id = $1 and sourced_id = 'e1'`, [
    uuidFromId('tenant', tenantId),
  ]);
  expect((await importFeed(odd)).counts).toMatchObject({ unchanged: 50, 'enrollment.add': 1 });
});

test('records that were added, changed, ended or come back are known again with the next feed', async () => {
  const settledRun = async (): Promise<string> => {
    const { rows } = await client.query(
      'select settled_run_id as id from roster_sources where tenant_id = $1',
      [uuidFromId('tenant', tenantId)],
    );
    return rows[0].id;
  };
  const feed = makeFeed(20);
  const without = { ...feed, enrollments: feed.enrollments.slice(1) };
  const renamed = { ...without, orgs: without.orgs.map((org) => org.with(3, `New ${org[3]}`)) };
  for (const [next, kind] of [
    [feed, 'enrollment.add'],
    [without, 'enrollment.end'],
    [renamed, 'org.change'],
    [feed, 'enrollment.reactivate'],
  ] as const) {
    const { counts, rosterRunId } = await importFeed(next);
    expect(Object.keys(counts)).toContain(kind);
    // A feed that is read notes itself; one that is known again leaves the note of the run that brought it.
    expect((await importFeed(next)).counts).toMatchObject({ unchanged: counts.rows });
    expect(await settledRun()).toBe(uuidFromId('rosterrun', rosterRunId));
  }
});

test('the version of the reader is that of the file that reads', async () => {
  const source = await readFile(path.join(import.meta.dirname, 'normalise_row.ts'));
  // When this fails: write the new value into reader_version.ts, so that feeds are read anew by the new rules.
  expect(readerVersion).toBe(createHash('sha256').update(source).digest('hex').slice(0, 16));
});
