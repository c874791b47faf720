import { idFromUuid, newId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { beforeEach, expect, test } from 'vitest';
import { stored, storedId } from '../../db/stored_id';
import { useRosters } from '../../test/use_rosters';
import { importRoster } from './services/import_roster.service';
import { undoRoster } from './services/undo_roster.service';
import { type Feed, feedFiles, makeFeed } from './test/make_feed';

const { now, importFeed, picture, zipOf } = useRosters();
let built: ReturnType<typeof now>['built'];
let client: ReturnType<typeof now>['client'];
let school: ReturnType<typeof now>['school'];
let tenantId: ReturnType<typeof now>['tenantId'];
beforeEach(() => {
  ({ built, client, school, tenantId } = now());
});

const undo = () => undoRoster(built.url, tenantId, { name: 'SIS' });
const without = (feed: Feed, id: string): Feed => ({
  ...feed,
  users: feed.users.filter((row) => row[0] !== id),
  enrollments: feed.enrollments.filter((row) => row[5] !== id),
});

test('whoever was here before a run found them is here as before when it is taken back', async () => {
  const { systemDb } = built.app;
  const userId = await school.addPerson('teacher');
  const email = `${userId.toLowerCase()}@school.example`;
  await systemDb.authUsers.insert({ id: userId, tenantId, name: 'T', email, emailVerified: true });
  const before = await picture();
  const feed = makeFeed(40);
  const found = { ...feed, users: feed.users.map((row) => (row[0] === 't-c0' ? row.with(9, email) : row)) };
  await importFeed(found);
  expect(await picture()).toContain(`member teacher ${userId.slice(-4)} teacher Mathematics (c0)`);
  await undo();
  const theirs = (lines: string[]) => lines.filter((line) => line.includes(userId.slice(-4)));
  expect(theirs(await picture())).toEqual(theirs(before));
  // The same feed finds the same person once more.
  await importFeed(found);
  expect(await systemDb.classMembers.where(stored({ tenantId, userId })).count()).toBe(1);
  expect(await systemDb.users.findBy(stored({ tenantId, userId }))).toMatchObject({ status: 'active' });
});

test('an address and a name to sign in with that a newcomer has got go back to who left', async () => {
  const feed = makeFeed(40);
  feed.users = feed.users.map((row) => (row[0] === 'p7' ? row.with(9, 'first@feed.example') : row));
  await importFeed(feed);
  const before = await picture();
  const next = without(feed, 'p7');
  next.users.push(['new', '', '', 'true', 's1', 'student', 'p7', 'New', 'Comer', 'first@feed.example']);
  await importFeed(next);
  expect(await picture()).toContain('user New Comer active first@feed.example p7');
  await undo();
  const others = (lines: string[]) => lines.filter((line) => !line.includes('New Comer'));
  expect(others(await picture())).toEqual(before);
  expect(await picture()).toContain('user New Comer suspended - -');
  // Also without an undo: who returns gets back what nobody else has any more.
  await importFeed(next);
  await importFeed(without(next, 'new'));
  await importFeed(feed);
  expect(others(await picture())).toEqual(before);
});

test('work in a class stays when the run that made the class is taken back, and is there when it comes again', async () => {
  const feed = makeFeed(40);
  const more = {
    ...feed,
    classes: [...feed.classes, ['late', '', '', 'Late', 'L', 's1', 't1']],
    enrollments: [...feed.enrollments, ['el', '', '', 'late', 's1', 'p3', 'student', '', '']],
  };
  await importFeed(feed);
  await importFeed(more);
  const { systemDb } = built.app;
  const { classId } = await systemDb.classes.where(stored({ tenantId })).where({ name: 'Late' }).take();
  const byHand = await school.addPerson('student');
  await systemDb.classMembers.create({
    ...{ tenantId, classMemberId: newId('classmember'), classId, userId: byHand, role: 'student' },
  });
  const owner = await school.addPerson('teacher');
  const { toolId, toolVersionId } = await school.addTool(owner);
  const chat = { tenantId, chatSessionId: newId('chat'), classId, userId: byHand, toolId, toolVersionId };
  await systemDb.chatSessions.create(chat);
  await undo();
  expect(await picture()).toContain('class Late in North School false');
  await importFeed(more);
  const seen = await picture();
  expect(seen).toContain('class Late in North School true');
  expect(seen).toContain('member Pu Pil 3 student Late');
  expect(seen).toContain(`member student ${byHand.slice(-4)} student Late`);
  expect(await systemDb.chatSessions.where(stored({ tenantId, classId })).count()).toBe(1);
});

test('of two sources only the one whose run is taken back goes back', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  const other = { ...feed, users: feed.users.map((row) => row.with(6, `b-${row[6]}`).with(9, '')) };
  const importOther = async (next: Feed) => {
    const zipPath = await zipOf(feedFiles(next));
    return importRoster(built.url, { tenantId, source: { name: 'Other' }, zipPath, decision: 'apply' });
  };
  await importOther(other);
  const between = await picture();
  await importOther(without(other, 'p3'));
  await importFeed(without(feed, 'p5'));
  await undo();
  await undoRoster(built.url, tenantId, { name: 'Other' });
  expect(await picture()).toEqual(between);
});

test('somebody erased since the run is not brought back by taking it back', async () => {
  const feed = makeFeed(40);
  await importFeed(feed);
  await importFeed({ ...feed, users: feed.users.map((row) => (row[0] === 'p3' ? row.with(7, 'New') : row)) });
  const { rows } = await client.query<{ id: string }>(
    `select internal_id as id from external_refs where tenant_id = $1 and entity = 'user' and sourced_id = 'p3'`,
    [storedId(tenantId)],
  );
  const userId = idFromUuid('user', rows[0]?.id ?? '');
  for (const table of ['class_members', 'group_members', 'user_contacts', 'auth_users', 'users']) {
    await client.query(
      `delete from ${table} where ${table === 'auth_users' ? 'id' : 'user_id'} = $1 and tenant_id = $2`,
      [uuidFromId('user', userId), storedId(tenantId)],
    );
  }
  await client.query(
    `delete from external_refs where tenant_id = $1 and (sourced_id = 'p3' or person_sourced_id = 'p3')`,
    [storedId(tenantId)],
  );
  await undo();
  expect((await picture()).filter((line) => line.includes('Pil 3 '))).toEqual([]);
});

test('taking back run after run goes back step by step, and ends with a sentence', async () => {
  const steps: string[][] = [await picture()];
  const feed = makeFeed(40);
  await importFeed(feed);
  steps.push(await picture());
  await importFeed({ ...feed, users: feed.users.map((row) => (row[0] === 'p3' ? row.with(7, 'New') : row)) });
  await undo();
  expect(await picture()).toEqual(steps[1]);
  await undo();
  const living = (await picture()).filter((line) => / active | true$|member /.test(line));
  expect(living).toEqual(steps[0]?.filter((line) => / active | true$|member /.test(line)));
  await expect(undo()).rejects.toThrow('left to take back');
});
