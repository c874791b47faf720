import { call } from '@orpc/server';
import { idFromUuid, newId, type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { beforeEach, describe, expect, test } from 'vitest';
import { stored, storedId } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { useRosters } from '../../test/use_rosters';
import { reviewRosterDates } from './services/review_dates.service';
import { undoRoster } from './services/undo_roster.service';
import { type Feed, makeFeed } from './test/make_feed';

/** What a feed may do to people who are more than it says: whoever keeps the school system is no administrator here. */
const { now, importFeed, picture } = useRosters();
let built: ReturnType<typeof now>['built'];
let client: ReturnType<typeof now>['client'];
let school: ReturnType<typeof now>['school'];
let tenantId: ReturnType<typeof now>['tenantId'];
let admin: UserId;
let feed: Feed;
beforeEach(async () => {
  ({ built, client, school, tenantId } = now());
  admin = await school.addPerson('group_admin');
  feed = makeFeed(40);
});

const given = (id: string, at: number, value: string): Feed => ({
  ...feed,
  users: feed.users.map((row) => (row[0] === id ? row.with(at, value) : row)),
});

async function accountOf(sourcedId: string): Promise<UserId> {
  const { rows } = await client.query<{ id: string }>(
    `select internal_id as id from external_refs where tenant_id = $1 and entity = 'user' and sourced_id = $2`,
    [uuidFromId('tenant', tenantId), sourcedId],
  );
  return idFromUuid('user', rows[0]?.id ?? '');
}

async function giveRole(userId: UserId, role: 'group_admin' | 'teacher', groupId: RichId<'group'>) {
  const input = { groupMemberId: newId('groupmember'), groupId, userId, role };
  await call(userAppRouter.groups.setMember, input, { context: built.as(admin, tenantId) });
}

const issuesOf = (rosterRunId: RichId<'rosterrun'>) =>
  built.app.systemDb.rosterIssues.where(stored({ tenantId, rosterRunId })).select('line', 'code', 'rejected');

const teacher = 'user Tea c0 active t-c0@feed.example t-c0';

test.each<[string, () => Feed]>([
  ['another name', () => given('t-c0', 7, 'Taken')],
  ['another address', () => given('t-c0', 9, 'thief@feed.example')],
  ['another name to sign in with', () => given('t-c0', 6, 'thief')],
  ['no way in', () => given('t-c0', 3, 'false')],
  ['an end', () => ({ ...feed, users: feed.users.filter(([id]) => id !== 't-c0') })],
])(
  'who has been made an administrator by hand is given %s by no feed, and the row is named',
  async (_what, next) => {
    await importFeed(feed);
    await giveRole(await accountOf('t-c0'), 'group_admin', school.district);
    const report = await importFeed(next());
    expect(report.status).toBe('applied');
    expect(await picture()).toContain(teacher);
    expect(await issuesOf(report.rosterRunId)).toContainEqual(
      expect.objectContaining({ code: 'administrator', rejected: false }),
    );
  },
);

test('the address of an administrator whose record has ended is given to nobody else', async () => {
  await importFeed(feed);
  await giveRole(await accountOf('t-c0'), 'group_admin', school.district);
  const rest = feed.users.filter(([id]) => id !== 't-c0');
  await importFeed({ ...feed, users: rest });
  const heir = ['heir', '', '', 'true', 's1', 'student', 't-c0', 'The', 'Heir', 't-c0@feed.example'];
  await importFeed({ ...feed, users: [...rest, heir] });
  const seen = await picture();
  expect(seen).toContain(teacher);
  expect(seen).toContain('user The Heir active - -');
});

test('an administrator with a verified address is not taken for somebody in a feed', async () => {
  const email = `${admin.toLowerCase()}@school.example`;
  await built.app.systemDb.authUsers.insert({
    id: admin,
    tenantId,
    name: 'Admin',
    email,
    emailVerified: true,
  });
  await importFeed(given('t-c1', 9, email));
  expect(await accountOf('t-c1')).not.toBe(admin);
});

test('a role that somebody was given by hand in a group or class of a roster stays theirs', async () => {
  await importFeed(feed);
  const userId = await accountOf('t-c0');
  const { groupId } = await built.app.systemDb.groups
    .where(stored({ tenantId }))
    .where({ name: 'North School' })
    .take();
  await giveRole(userId, 'group_admin', groupId);
  const pupil = await accountOf('p3');
  const { classId } = await built.app.systemDb.classes
    .where(stored({ tenantId }))
    .where({ groupId: storedId(groupId) })
    .order('name')
    .take();
  const input = { classMemberId: newId('classmember'), classId, userId: pupil, role: 'teacher' as const };
  await call(userAppRouter.classes.addMember, input, { context: built.as(admin, tenantId) });
  await reviewRosterDates(built.url, tenantId, { name: 'SIS' });
  expect(await picture()).toContain('group member Tea c0 group_admin North School');
  expect((await picture()).filter((line) => line.startsWith('member Pu Pil 3 teacher'))).toHaveLength(1);
});

test('a role that OneRoster does not know gives no rights, and the row is named', async () => {
  feed.users.push(['v1', '', '', 'true', 's1', 'ext:visitor', 'v1', 'Vi', 'Sitor', '']);
  feed.enrollments.push(['ev', '', '', 'c0', 's1', 'v1', 'coach', '', '']);
  const report = await importFeed(feed);
  const seen = await picture();
  expect(seen).toContain('user Vi Sitor active - v1');
  expect(seen.filter((line) => line.includes('member Vi Sitor'))).toEqual([]);
  expect(await issuesOf(report.rosterRunId)).toEqual([
    { line: 46, code: 'unknown_role', rejected: false },
    { line: 46, code: 'unknown_role', rejected: false },
  ]);
});

describe('a suspension by hand', () => {
  async function suspend(sourcedId: string) {
    const userId = await accountOf(sourcedId);
    const context = built.as(admin, tenantId);
    await call(userAppRouter.auth.setStatus, { userId, status: 'suspended' }, { context });
  }

  test('is lifted by no feed in which the person leaves and returns', async () => {
    await importFeed(feed);
    await suspend('p3');
    await importFeed({ ...feed, users: feed.users.filter(([id]) => id !== 'p3') });
    await importFeed(feed);
    expect(await picture()).toContain('user Pu Pil 3 suspended - p3');
  });

  test('is lifted by no feed that shuts the person out and lets them in again, nor by taking that back', async () => {
    await importFeed(feed);
    await suspend('p3');
    await importFeed(given('p3', 3, 'false'));
    await undoRoster(built.url, tenantId, { name: 'SIS' });
    await importFeed(given('p3', 3, 'false'));
    await importFeed(feed);
    expect(await picture()).toContain('user Pu Pil 3 suspended - p3');
  });
});

test('who was shut out by a feed is let in again by it', async () => {
  const shut = given('p3', 3, 'false');
  await importFeed(shut);
  expect(await picture()).toContain('user Pu Pil 3 suspended - p3');
  await importFeed(feed);
  expect(await picture()).toContain('user Pu Pil 3 active - p3');
  await importFeed(shut);
  await importFeed(feed);
  expect(await picture()).toContain('user Pu Pil 3 active - p3');
});
