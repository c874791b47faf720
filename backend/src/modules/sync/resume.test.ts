import { newId } from '@raptscallions/zod-schemas/rich_id';
import { type SyncPage, SyncPageZod } from '@raptscallions/zod-schemas/sync.zod';
import { unpackSyncRows, type WireRows } from '@raptscallions/zod-schemas/sync_table';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDb, type Db } from '../../db/db';
import { stored, storedId } from '../../db/stored_id';
import { buildApp, buildSchool } from '../../test/build_app';
import { SyncDevice } from '../../test/sync_device';
import { encodePlace, readPlace, snapshotOf } from './cursor';
import { type Pulled, Puller, type PullRequest, textOf } from './services/pull.service';
import { resume } from './services/resume.service';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
let catchUpDb: Db;
let puller: Puller;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
  catchUpDb = connectDb(built.url, 'catchUp', 2);
  puller = new Puller(built.app.db, catchUpDb);
});
afterAll(async () => {
  await catchUpDb.$close();
  await built.close();
});

async function buildPupil() {
  const [teacher, pupil, mate] = [
    await school.addPerson('teacher'),
    await school.addPerson('student'),
    await school.addPerson('student'),
  ];
  const classId = await school.addClass(teacher, [pupil, mate]);
  const device = new SyncDevice(built.as(pupil, school.tenantId));
  await device.pull();
  const request = () => ({
    tenantId: school.tenantId,
    userId: pupil,
    syncClientId: device.syncClientId,
    cursor: device.cursor,
    scopes: [...device.scopes],
  });
  return { pupil, mate, classId, request };
}

const resumeOne = async (request: PullRequest) => (await resume(catchUpDb, [request])).get(request) ?? null;

const framesOf = (pulled: Pulled | null | undefined): SyncPage['frames'] =>
  pulled ? SyncPageZod.parse(JSON.parse(textOf(pulled))).frames : [];

/** Every row of an answer, by scope and id, with its version. */
const shownBy = (pulled: Pulled | undefined) =>
  new Map(
    framesOf(pulled).flatMap((frame) =>
      frame.kind === 'rows'
        ? sorted(frame.rows).map(
            ({ table, id, rev, row }) => [`${frame.scope} ${table} ${id}`, { rev, row }] as const,
          )
        : [],
    ),
  );

const sorted = (rows: WireRows[]) => rows.flatMap(unpackSyncRows).toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** Both ways at one moment: the cursors are of two snapshots, the rest must be the same. */
async function bothWays(request: PullRequest) {
  const ways = [await resumeOne(request), await puller.pullAlone(request)];
  return ways.map((pulled) => ({
    held: pulled?.held.toSorted(),
    frames: framesOf(pulled).flatMap((frame) =>
      frame.kind === 'rows' ? [{ ...frame, rows: sorted(frame.rows), gone: frame.gone?.toSorted() }] : [],
    ),
  }));
}

test('the short way says what pages would say: nothing new, changes, tombstones, and what an open transaction held back', async () => {
  const { mate, classId, request } = await buildPupil();
  const { systemDb } = built.app;
  const [nothing, nothingByPages] = await bothWays(request());
  expect(nothing).toEqual(nothingByPages);
  expect(nothing?.frames).toEqual([]);

  const early = new pg.Client({ connectionString: built.url });
  await early.connect();
  await early.query('begin');
  await early.query('update users set name = $1 where user_id = $2', [
    'Early',
    stored({ userId: mate }).userId,
  ]);
  await systemDb.classes.where(stored({ classId })).update({ subject: 'Art' });
  const [changed, changedByPages] = await bothWays(request());
  expect(changed).toEqual(changedByPages);
  expect(JSON.stringify(changed)).toContain('Art');
  expect(JSON.stringify(changed)).not.toContain('Early');

  await early.query('commit');
  await early.end();
  await systemDb.classMembers.where(stored({ classId, userId: mate })).delete();
  const [left, leftByPages] = await bothWays(request());
  expect(left).toEqual(leftByPages);
  expect(left?.frames.some(({ gone }) => gone?.length)).toBe(true);
});

test('pages answer where a scope was gained or lost, a cursor cannot be continued, or there is no cursor', async () => {
  const { pupil, classId, request } = await buildPupil();
  const here = request();
  expect(await resumeOne(here)).not.toBeNull();
  expect(await resumeOne({ ...here, cursor: null })).toBeNull();
  expect(await resumeOne({ ...here, cursor: 'nonsense' })).toBeNull();
  expect(await resumeOne({ ...here, scopes: here.scopes.slice(1) })).toBeNull();
  expect(await resumeOne({ ...here, scopes: [...here.scopes, `class:${crypto.randomUUID()}`] })).toBeNull();
  expect(await resumeOne({ ...here, syncClientId: newId('device') })).toBeNull();
  const ofAnotherLife = here.cursor?.replace(/^[^.]*/, 'other') ?? null;
  expect(await resumeOne({ ...here, cursor: ofAnotherLife })).toBeNull();
  await built.app.systemDb.classMembers.where(stored({ classId, userId: pupil })).delete();
  expect(await resumeOne(here)).toBeNull();
});

test('many are answered together, each with what it has yet to see and nothing of another', async () => {
  const classes = await Promise.all([buildPupil(), buildPupil(), buildPupil()]);
  const elsewhere = await buildSchool(built.app.systemDb);
  const stranger = await elsewhere.addPerson('student');
  const device = new SyncDevice(built.as(stranger, elsewhere.tenantId));
  await device.pull();
  const requests = classes.map(({ request }) => request());
  for (const [at, { classId }] of classes.entries())
    await built.app.systemDb.classes.where(stored({ classId })).update({ subject: `Subject ${at}` });
  const { cursor, syncClientId } = device;
  const theirs = {
    tenantId: elsewhere.tenantId,
    userId: stranger,
    syncClientId,
    cursor,
    scopes: [...device.scopes],
  };
  const gone = requests.map((request) => ({ ...request, scopes: [] }));
  const answers = await resume(catchUpDb, [...requests, ...gone, theirs]);
  expect(answers.size).toBe(4);
  for (const [at, request] of requests.entries()) {
    const text = JSON.stringify(framesOf(answers.get(request)));
    expect(text.match(/Subject \d/g)).toEqual([`Subject ${at}`]);
  }
  expect(framesOf(answers.get(theirs)).map(({ kind }) => kind)).toEqual(['cursor']);
});

test('a school that asks for another school of the same name of a scope gets nothing of it', async () => {
  const { request } = await buildPupil();
  const elsewhere = await buildSchool(built.app.systemDb);
  const theirs = request();
  expect(await resumeOne({ ...theirs, tenantId: elsewhere.tenantId })).toBeNull();
});

test('browsers that come first at one moment get what each would get by itself', async () => {
  const { pupil, mate } = await buildPupil();
  const admin = await school.addPerson('group_admin');
  const askers = [pupil, mate, pupil, admin].map((userId) => ({
    tenantId: school.tenantId,
    userId,
    syncClientId: newId('device'),
    cursor: null,
    scopes: [],
  }));
  const together = await Promise.all(askers.map((request) => puller.pullTogether(request)));
  // A place at which nothing is loaded leads past what is done for many.
  const next = encodePlace({ t: '3:3:', loaded: [] });
  for (const [at, request] of askers.entries()) {
    const alone = await puller.pullAlone({ ...request, next });
    expect(shownBy(together[at])).toEqual(shownBy(alone));
    expect(together[at]?.held).toContain(`client:${storedId(request.syncClientId)}`);
  }
  for (const pulled of together) expect(shownBy(pulled).size).toBeGreaterThan(0);
});

test('text that PostgreSQL would not take for a snapshot is no cursor and no place', () => {
  for (const text of ['0:0:', '5:3:', '3:5:5', '3:5:2', '3:9:7,4', '1:99999999999999999999:', '3:5', '']) {
    expect(readPlace(encodePlace({ t: text, loaded: [] }))).toBeUndefined();
  }
  expect(readPlace(encodePlace({ t: '3:9:4,7', loaded: [] }))).toEqual({ t: '3:9:4,7', loaded: [] });
  for (const cursor of ['x.0.0', 'x.5.2.9', 'x.zzzzzzzzzzzzz.1']) expect(snapshotOf(cursor)).toBeUndefined();
  expect(snapshotOf('x.5.4.1')).toBe('5:9:6');
});
