import { newId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { beforeEach, expect, test } from 'vitest';
import { stored } from '../../db/stored_id';
import { buildSchool } from '../../test/build_app';
import { useRosters } from '../../test/use_rosters';
import { reviewRosterDates } from './services/review_dates.service';
import { undoRoster } from './services/undo_roster.service';
import { makeFeed } from './test/make_feed';

const { now, importFiles, importFeed, picture } = useRosters();
let built: ReturnType<typeof now>['built'];
let client: ReturnType<typeof now>['client'];
let school: ReturnType<typeof now>['school'];
let tenantId: ReturnType<typeof now>['tenantId'];
beforeEach(() => {
  ({ built, client, school, tenantId } = now());
});

test('a first feed makes schools, classes, people and memberships; every row is accounted for', async () => {
  const feed = makeFeed(20);
  const report = await importFeed(feed);
  expect(report.status).toBe('applied');
  expect(report.counts).toMatchObject({
    rows: 50,
    rejected: 0,
    unchanged: 0,
    'enrollment.add': 22,
    'user.add': 22,
  });
  const seen = await picture();
  expect(seen).toContain('group North School under Riverside 3 true');
  expect(seen.filter((line) => line.startsWith('member '))).toHaveLength(22);
  expect(seen).toContain('group member Pu Pil 3 student North School');
  const entries = await client.query(
    `select count(*)::int n from sync_entry e join class_members m on m.class_member_id = e.row_id where e.tenant_id = $1 and not e.del`,
    [uuidFromId('tenant', tenantId)],
  );
  expect(entries.rows[0].n).toBeGreaterThanOrEqual(44);
});

test('roles of a 1.2 package count within their dates, and a principal is plain staff', async () => {
  const lines = (...rows: string[]) => `${rows.join('\r\n')}\r\n`;
  const person = (id: string) => `${id},true,${id},Given,${id}`;
  const report = await importFiles({
    'manifest.csv': lines(
      ...['propertyName,value', 'manifest.version,1.0', 'oneroster.version,1.2', 'file.orgs,bulk'],
      ...['file.users,bulk', 'file.roles,bulk'],
    ),
    'orgs.csv': lines('sourcedId,name,type', 'hill,Hill School,school', 'vale,Vale School,school'),
    'users.csv': lines(
      'sourcedId,enabledUser,username,givenName,familyName',
      ...['pat', 'kim', 'lee'].map(person),
    ),
    'roles.csv': lines(
      'sourcedId,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId',
      'r1,pat,primary,principal,,,hill',
      'r2,kim,primary,student,2020-01-01,2090-01-01,hill',
      'r3,kim,primary,student,2010-01-01,2020-01-01,vale',
      'r4,lee,primary,teacher,2089-01-01,2090-01-01,vale',
      'r5,lee,secondary,aide,,,hill',
    ),
  });
  expect(report).toMatchObject({ status: 'applied', issues: 0, counts: { 'role.add': 5 } });
  expect((await picture()).filter((line) => /^group member Given /.test(line))).toEqual([
    'group member Given kim student Hill School',
    'group member Given lee teacher Hill School',
    'group member Given pat teacher Hill School',
  ]);
});

test('files of one package may be bulk and delta: what is missing ends in the first and stays in the second', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  const without = (rows: string[][], id: string) => rows.filter((row) => row[0] !== id);
  const [moved] = feed.enrollments.slice(-1);
  const report = await importFeed(
    {
      ...feed,
      users: without(feed.users, 'p3'),
      enrollments: moved ? [moved.with(1, 'tobedeleted')] : [],
    },
    'apply',
    ['enrollments'],
  );
  expect(report).toMatchObject({ status: 'applied', counts: { 'user.end': 1, 'enrollment.end': 1 } });
  expect(await picture()).toContain('user Pu Pil 3 suspended - p3');
});

test('a preview names exactly what an apply then does', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  const next = { ...feed, users: feed.users.map((row) => (row[0] === 'p3' ? row.with(7, 'New') : row)) };
  const before = await picture();
  const preview = await importFeed(next, 'preview');
  expect(preview.status).toBe('diffed');
  expect(await picture()).toEqual(before);
  const applied = await importFeed(next);
  expect(applied.counts).toEqual(preview.counts);
  expect(await picture()).toContain('user New Pil 3 active - p3');
});

test('undo brings back what the last run changed, added and ended', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  const before = await picture();
  const next = {
    ...feed,
    users: feed.users.map((row) => (row[0] === 'p3' ? row.with(7, 'New') : row)),
    enrollments: feed.enrollments.filter(([id]) => id !== 'e7'),
  };
  expect((await importFeed(next)).status).toBe('applied');
  expect(await picture()).not.toEqual(before);
  expect(await undoRoster(built.url, tenantId, { name: 'SIS' })).toBe(2);
  expect(await picture()).toEqual(before);
});

test('a delta ends only what it names, and ends where the bulk feed would', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  await importFeed(
    { enrollments: [['e7', 'toBeDeleted', '2026-11-01', 'c0', 's1', 'p7', 'student', '', '']] },
    'apply',
    ['enrollments'],
  );
  const byDelta = await picture();
  school = await buildSchool(built.app.systemDb);
  tenantId = school.tenantId;
  await importFeed(feed);
  await importFeed({ ...feed, enrollments: feed.enrollments.filter(([id]) => id !== 'e7') });
  const withoutSelf = (lines: string[]) => lines.filter((line) => !/@school.example/.test(line));
  expect(withoutSelf(byDelta)).toEqual(withoutSelf(await picture()));
});

test('members added by hand stay, and enrolments count only within their dates', async () => {
  const feed = makeFeed(20);
  feed.enrollments.push(['late', '', '', 'c0', 's1', 'p15', 'student', '2089-01-01', '2089-02-01']);
  feed.enrollments.push(['over', '', '', 'c0', 's1', 'p16', 'student', '2021-01-01', '2021-02-01']);
  await importFeed(feed);
  const db = built.app.systemDb;
  const byHand = await school.addPerson('student');
  const { classId } = await db.classes.where(stored({ tenantId })).order('classId').take();
  await db.classMembers.create({
    tenantId,
    classMemberId: newId('classmember'),
    classId,
    userId: byHand,
    role: 'student',
  });
  await importFeed({ ...feed, enrollments: feed.enrollments.filter(([id]) => id !== 'e7') });
  const members = (await picture()).filter((line) => line.startsWith('member '));
  expect(members).toHaveLength(22);
});

test('a membership ends on its day without a new feed', async () => {
  await importFeed(makeFeed(20));
  const shiftEnd = (end: string) =>
    client.query(
      `update external_refs set data = data || jsonb_build_object('end', $2::text) where tenant_id = $1 and sourced_id = 'e7'`,
      [uuidFromId('tenant', tenantId), end],
    );
  await shiftEnd('2089-01-01');
  await reviewRosterDates(built.url, tenantId, { name: 'SIS' });
  expect((await picture()).filter((line) => line.startsWith('member '))).toHaveLength(22);
  await shiftEnd('2021-01-01');
  await reviewRosterDates(built.url, tenantId, { name: 'SIS' });
  const members = (await picture()).filter((line) => line.startsWith('member '));
  expect(members).toHaveLength(21);
  expect(members.join()).not.toContain('Pil 7 ');
});

test('schools in a ring of parents hang under the root instead of nowhere', async () => {
  const feed = makeFeed(10);
  feed.orgs.push(['x', '', '', 'X', 'school', '', 'y'], ['y', '', '', 'Y', 'school', '', 'x']);
  await importFeed(feed);
  expect(await picture()).toContain('group X under District 2 true');
});

test('rows that are wrong are named with file, line and field, and left out', async () => {
  const feed = makeFeed(40);
  feed.users.push(['bad id!', '', '', 'true', 's1', 'student', 'x', 'X', 'Y', '']);
  feed.enrollments.push(['e-odd', '', '', 'c0', 's1', 'p11', 'student', 'soon', '']);
  const report = await importFeed(feed);
  expect(report.counts.rejected).toBe(1);
  const issues = await built.app.systemDb.rosterIssues
    .where(stored({ tenantId, rosterRunId: report.rosterRunId }))
    .order('issueNumber');
  expect(issues.map(({ fileName, line, field, code }) => [fileName, line, field, code])).toEqual([
    ['users.csv', 46, 'sourcedId', 'malformed'],
    ['enrollments.csv', 46, 'begindate', 'bad_date'],
  ]);
});

test('a reference that leads nowhere is named, and counts once what it names has come', async () => {
  const feed = makeFeed(40);
  feed.enrollments.push(['early', '', '', 'c-late', 's1', 'p1', 'student', '', '']);
  const { rosterRunId, counts } = await importFeed(feed);
  expect(counts.rejected).toBe(0);
  const issues = await built.app.systemDb.rosterIssues
    .where(stored({ tenantId, rosterRunId }))
    .select('fileName', 'line', 'field', 'code');
  expect(issues).toEqual([
    { fileName: 'enrollments.csv', line: 46, field: 'classSourcedId', code: 'dangling' },
  ]);
  feed.classes.push(['c-late', '', '', 'Late', 'L', 's1', 't1']);
  expect((await importFeed(feed)).issues).toBe(0);
  expect(await picture()).toContain('member Pu Pil 1 student Late');
});

test('schools that close with the district above them go, lowest first, and one that moves stays', async () => {
  const feed = makeFeed(100);
  const more = Array.from({ length: 60 }, (_, at) => [`x${at}`, '', '', `X ${at}`, 'school', '', 'd1']);
  feed.orgs.push(...more, ['d2', '', '', 'Old district', 'district', '', '']);
  feed.orgs.push(['y1', '', '', 'Closing', 'school', '', 'd2'], ['y2', '', '', 'Moving', 'school', '', 'd2']);
  await importFeed(feed);
  const orgs = feed.orgs.filter(([id]) => id !== 'd2' && id !== 'y1');
  await importFeed({ ...feed, orgs: orgs.map((row) => (row[0] === 'y2' ? row.with(6, 'd1') : row)) });
  const seen = (await picture()).filter((line) => /Old district|Closing|Moving/.test(line));
  expect(seen.map((line) => line.replace(/ under .*? (?=\d)/, ' '))).toEqual([
    'group Closing 3 false',
    'group Moving 3 true',
    'group Old district 2 false',
  ]);
});

test('a school that closes with its classes, or whose classes move away, goes with them', async () => {
  const feed = makeFeed(200);
  feed.orgs.push(['x1', '', '', 'Closing', 'school', '', 'd1'], ['x2', '', '', 'Moving', 'school', '', 'd1']);
  feed.orgs.push(...Array.from({ length: 30 }, (_, at) => [`z${at}`, '', '', `Z ${at}`, 'school', '', 'd1']));
  const [first, second] = ['cx1', 'cx2'];
  feed.classes.push([first, '', '', 'Latin', 'L', 'x1', 't1'], [second, '', '', 'Greek', 'G', 'x2', 't1']);
  await importFeed(feed);
  await importFeed({
    ...feed,
    orgs: feed.orgs
      .filter(([id]) => id !== 'x1' && id !== 'x2')
      .concat([['x3', '', '', 'Closing', 'school', '', 'd1']]),
    classes: feed.classes
      .filter(([id]) => id !== first)
      .map((row) => (row[0] === second ? row.with(5, 's1') : row)),
  });
  const seen = await picture();
  expect(seen).toContain('group Closing under Riverside 3 false');
  expect(seen).toContain('group Moving under Riverside 3 false');
  expect(seen).toContain('group Closing under Riverside 3 true');
  expect(seen).toContain('class Greek in North School true');
});

test('a row whose references no record can have is named and left out, and fails no feed', async () => {
  const feed = makeFeed(200);
  feed.enrollments.push(['far', '', '', 'c'.repeat(300), 's1', 'p1', 'student', '', '']);
  const report = await importFeed(feed);
  expect(report).toMatchObject({ status: 'applied', counts: { rejected: 1 } });
  const issues = await built.app.systemDb.rosterIssues
    .where(stored({ tenantId, rosterRunId: report.rosterRunId }))
    .select('field', 'code', 'rejected');
  expect(issues).toEqual([{ field: 'classsourcedid', code: 'malformed', rejected: true }]);
});
