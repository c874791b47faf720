import { call } from '@orpc/server';
import { idFromUuid, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { beforeEach, expect, test } from 'vitest';
import { stored } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { useRosters } from '../../test/use_rosters';
import { type Feed, makeFeed } from './test/make_feed';

const { now, importFiles, importFeed, picture } = useRosters();
let built: ReturnType<typeof now>['built'];
let client: ReturnType<typeof now>['client'];
let school: ReturnType<typeof now>['school'];
let tenantId: ReturnType<typeof now>['tenantId'];
beforeEach(() => {
  ({ built, client, school, tenantId } = now());
});

test('who returns under the same id is the same person', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  const idOf = async () =>
    (await built.app.systemDb.userContacts.where(stored({ tenantId })).where({ username: 'p7' }).take())
      .userId;
  const first = await idOf();
  const without = (rows: string[][]) => rows.filter((row) => !row.includes('p7'));
  await importFeed({ ...feed, users: without(feed.users), enrollments: without(feed.enrollments) });
  expect(await picture()).toContain('user Pu Pil 7 suspended - p7');
  await importFeed(feed);
  expect(await idOf()).toBe(first);
  expect(await picture()).toContain('user Pu Pil 7 active - p7');
});

test('a feed makes nobody an administrator, nor takes over an account by an unverified address', async () => {
  const admin = await school.addPerson('group_admin');
  const feed = makeFeed(20);
  const address = `${admin.toLowerCase()}@school.example`;
  feed.users.push(['boss', '', '', 'true', 's1', 'administrator', 'boss', 'The', 'Boss', address]);
  feed.users.push(['mum', '', '', 'true', 's1', 'parent', 'mum', 'A', 'Mother', '']);
  await importFeed(feed);
  const seen = await picture();
  expect(seen).toContain('group member The Boss teacher North School');
  expect(seen).toContain('user The Boss active - boss');
  expect(seen.filter((line) => line.includes('A Mother'))).toEqual([]);
});

test('people, classes and schools may swap their names, addresses and usernames', async () => {
  const feed = makeFeed(40);
  const given = (rows: string[][], id: string, at: number, value: string) =>
    rows.map((row) => (row[0] === id ? row.with(at, value) : row));
  feed.users = given(given(feed.users, 'p1', 9, 'a@feed.example'), 'p2', 9, 'b@feed.example');
  feed.classes = feed.classes.map((row, at) => row.with(3, `Class ${at}`));
  await importFeed(feed);
  const swapped: Feed = {
    ...feed,
    orgs: given(given(feed.orgs, 's1', 3, 'South School'), 's2', 3, 'North School'),
    classes: given(given(feed.classes, 'c0', 3, 'Class 2'), 'c2', 3, 'Class 0'),
    users: [
      ['p1', 'p2', 'b@feed.example'],
      ['p2', 'p1', 'a@feed.example'],
    ].reduce(
      (rows, [id = '', username = '', email = '']) => given(given(rows, id, 6, username), id, 9, email),
      feed.users,
    ),
  };
  const report = await importFeed(swapped);
  expect([report.status, report.issues]).toEqual(['applied', 0]);
  const seen = await picture();
  expect(seen).toContain('user Pu Pil 1 active b@feed.example p2');
  expect(seen).toContain('user Pu Pil 2 active a@feed.example p1');
  expect(seen).toContain('class Class 0 in South School true');
  expect(seen.filter((line) => line.startsWith('class ')).join()).not.toMatch(/[(]c/);
  const signIns = await built.app.systemDb.authUsers.where(stored({ tenantId })).select('name', 'email');
  expect(signIns).toContainEqual({ name: 'Pu Pil 1', email: 'b@feed.example' });
});

test('an address that somebody else has stays theirs, and the row that wanted it is named', async () => {
  const admin = await school.addPerson('group_admin');
  const feed = makeFeed(40);
  feed.users = feed.users.map((row) =>
    row[0] === 'p3'
      ? row.with(9, `${admin.toLowerCase()}@school.example`)
      : row[0] === 'p5'
        ? row.with(6, 'p4')
        : row,
  );
  const { rosterRunId } = await importFeed(feed);
  const issues = await built.app.systemDb.rosterIssues
    .where(stored({ tenantId, rosterRunId }))
    .order('issueNumber')
    .select('fileName', 'line', 'field', 'code', 'rejected');
  const taken = { fileName: 'users.csv', code: 'taken', rejected: false };
  expect(issues).toEqual([
    { ...taken, line: 6, field: 'email' },
    { ...taken, line: 8, field: 'username' },
  ]);
  expect(await picture()).toContain('user Pu Pil 5 active - -');
});

test('an address that is given out again goes to the newcomer, who is somebody new', async () => {
  const feed = makeFeed(40);
  feed.users = feed.users.map((row) => (row[0] === 'p7' ? row.with(9, 'first@feed.example') : row));
  await importFeed(feed);
  const without = (rows: string[][]) => rows.filter((row) => !row.includes('p7'));
  const next = { ...feed, users: without(feed.users), enrollments: without(feed.enrollments) };
  next.users.push(['new', '', '', 'true', 's1', 'student', 'p7', 'New', 'Comer', 'first@feed.example']);
  const report = await importFeed(next);
  expect(report.issues).toBe(0);
  const seen = await picture();
  expect(seen).toContain('user New Comer active first@feed.example p7');
  expect(seen).toContain('user Pu Pil 7 suspended - -');
  const signIns = await built.app.systemDb.authUsers.where(stored({ tenantId })).select('name', 'email');
  expect(signIns).toContainEqual({ name: 'New Comer', email: 'first@feed.example' });
  expect(signIns.find(({ name }) => name === 'Pu Pil 7')?.email).toMatch(/placeholder[.]invalid$/);
});

test('of one person with two records a roster ends only what neither record says any more', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  const people = await client.query<{ id: string }>(
    `select internal_id id from external_refs where tenant_id = $1 and entity = 'user' and sourced_id in ('p0', 'p1')
    order by sourced_id`,
    [uuidFromId('tenant', tenantId)],
  );
  const [one, two] = people.rows.map(({ id }) => idFromUuid('user', id));
  if (!one || !two) throw new Error('The feed has no pupils.');
  const admin = await school.addPerson('group_admin');
  const { context } = { context: built.as(admin, tenantId) };
  await call(userAppRouter.people.merge, { userId: one, duplicateUserId: two }, { context });
  const theirs = async (name: string) =>
    (await picture()).filter((line) => line.includes(`member ${name} `)).sort();
  const both = ['group member Pu Pil 0 student North School', 'member Pu Pil 0 student Mathematics (c0)'];
  expect(await theirs('Pu Pil 0')).toEqual(both);
  expect((await importFeed(feed)).counts).toMatchObject({ unchanged: 96 });
  // Both records are given another name in one run: the first by its id says what the person is called.
  const users = feed.users.map((row) => row.map((cell) => cell.replace(/^Pil ([01])$/, 'Pal $1')));
  await importFeed({ ...feed, users });
  expect(await theirs('Pu Pal 0')).toEqual(both.map((line) => line.replace('Pil', 'Pal')));
  // One is no longer enrolled and may no longer sign in: by the other record the person still does both.
  const enrollments = feed.enrollments.filter(([id]) => id !== 'e1');
  const closed = users.map((row) => (row[0] === 'p1' ? row.with(3, 'false') : row));
  expect((await importFeed({ ...feed, users: closed, enrollments })).counts).toMatchObject({
    'enrollment.end': 1,
  });
  expect(await theirs('Pu Pal 0')).toHaveLength(2);
  expect(await picture()).toContain('user Pu Pal 0 active - p0');
  await importFeed({ ...feed, users: closed, enrollments: enrollments.filter(([id]) => id !== 'e0') });
  expect(await theirs('Pu Pal 0')).toEqual(['group member Pu Pal 0 student North School']);
});

test('names that end in the middle of a character of two units are cut before it, and fail no feed', async () => {
  const name = `${'x'.repeat(99)}😀`;
  const cut = 'x'.repeat(99);
  const { status } = await importFiles({
    'orgs.csv': `sourcedId,name,type\r\ns1,${name},school\r\n`,
    'classes.csv': `sourcedId,title,schoolSourcedId,termSourcedIds,subjects\r\nc1,${name},s1,,${name}\r\n`,
    'users.csv': `sourcedId,role,username,familyName,orgSourcedIds\r\np1,student,${name},${name},s1\r\n`,
  });
  expect(status).toBe('applied');
  const seen = await picture();
  expect(seen).toContain(`class ${cut} in ${cut} true`);
  expect(seen).toContain(`user ${cut} active - ${cut}`);
});
