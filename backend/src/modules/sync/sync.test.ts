import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSql } from '../../db/run_sql';
import { stored, storedId } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { SyncDevice } from '../../test/sync_device';
import { encodeCursor, encodePlace, readCursor, readPlace, snapshotOf } from './cursor';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
});
afterAll(() => built.close());

async function epochOf(): Promise<string> {
  const [state] = await runSql<{ epoch: string }>(built.app.systemDb, 'select epoch from sync_epoch');
  return state?.epoch ?? '';
}

const deviceOf = (userId: UserId) => new SyncDevice(built.as(userId, school.tenantId));

test('a first pull brings a pupil the class, classmates without addresses, and the tool without its prompt', async () => {
  const [teacher, pupil, mate] = [
    await school.addPerson('teacher'),
    await school.addPerson('student'),
    await school.addPerson('student'),
  ];
  const classId = await school.addClass(teacher, [pupil, mate]);
  const tool = await school.addTool(teacher);
  const db = built.app.systemDb;
  await db.assignments.create({
    tenantId: school.tenantId,
    assignmentId: newId('assignment'),
    classId,
    ...tool,
    title: 'Do it',
    assignedByUserId: teacher,
  });
  const device = deviceOf(pupil);
  await device.pull();
  expect(device.of('classes').map((row) => row.classId)).toEqual([classId]);
  expect(
    device
      .of('users')
      .map((row) => row.userId)
      .sort(),
  ).toEqual([teacher, pupil, mate].sort());
  expect(device.of('userContacts').map((row) => row.userId)).toEqual([pupil]);
  expect(device.of('toolVersions')).toHaveLength(1);
  expect(device.of('toolSources')).toEqual([]);
  const owner = deviceOf(teacher);
  await owner.pull();
  expect(owner.of('toolSources')).toHaveLength(1);
  expect(owner.of('userContacts')).toHaveLength(3);
});

test('a second pull brings what changed and nothing else', async () => {
  const [teacher, pupil] = [await school.addPerson('teacher'), await school.addPerson('student')];
  const classId = await school.addClass(teacher, [pupil]);
  const device = deviceOf(pupil);
  await device.pull();
  await device.pull();
  expect(device.frames.map((frame) => frame.kind)).toEqual(['cursor']);
  await built.app.systemDb.classes
    .where(stored({ tenantId: school.tenantId, classId }))
    .update({ name: 'Renamed' });
  await device.pull();
  expect(device.frames).toHaveLength(2);
  expect(device.of('classes').map((row) => row.name)).toEqual(['Renamed']);
});

test('whoever leaves a class loses its rows with the next pull, and keeps what stands elsewhere', async () => {
  const [teacher, pupil, mate] = [
    await school.addPerson('teacher'),
    await school.addPerson('student'),
    await school.addPerson('student'),
  ];
  const classId = await school.addClass(teacher, [pupil, mate]);
  const device = deviceOf(pupil);
  await device.pull();
  expect(device.of('users')).toHaveLength(3);
  await built.app.systemDb.classMembers
    .where(stored({ tenantId: school.tenantId, classId, userId: pupil }))
    .delete();
  await device.pull();
  expect(device.of('classes')).toEqual([]);
  expect(device.of('users').map((row) => row.userId)).toEqual([pupil]);
});

test('a membership that comes back under its id has a higher rev than its tombstone', async () => {
  const [teacher, pupil] = [await school.addPerson('teacher'), await school.addPerson('student')];
  const classId = await school.addClass(teacher, [pupil]);
  const { systemDb } = built.app;
  const { tenantId } = school;
  const mine = stored({ tenantId, classId, userId: pupil });
  await systemDb.classMembers.where(mine).update({ role: 'teacher' });
  const before = await systemDb.classMembers.findBy(mine);
  await systemDb.classMembers.where(mine).delete();
  const { classMemberId } = before;
  await systemDb.classMembers.create({ tenantId, classMemberId, classId, userId: pupil, role: 'student' });
  const after = await systemDb.classMembers.findBy(mine);
  expect(Number(after.rev)).toBeGreaterThan(Number(before.rev));
  const device = deviceOf(pupil);
  await device.pull();
  expect(device.of('classMembers').find((row) => row.classMemberId === classMemberId)?.role).toBe('student');
});

test('a transaction that began early and commits late is not passed over', async () => {
  const [teacher, pupil] = [await school.addPerson('teacher'), await school.addPerson('student')];
  const classId = await school.addClass(teacher, [pupil]);
  const device = deviceOf(pupil);
  const early = new pg.Client({ connectionString: built.url });
  await early.connect();
  await early.query('begin');
  await early.query('update classes set subject = $1 where class_id = $2', [
    'Late',
    stored({ classId }).classId,
  ]);
  await device.pull();
  await built.app.systemDb.users
    .where(stored({ tenantId: school.tenantId, userId: teacher }))
    .update({ name: 'Quick' });
  await device.pull();
  expect(device.of('users').map((row) => row.name)).toContain('Quick');
  await early.query('commit');
  await early.end();
  await device.pull();
  expect(device.of('classes').map((row) => row.subject)).toEqual(['Late']);
});

test('two writers who move and update the same person at once leave no entry behind', async () => {
  const [teacher, pupil] = [await school.addPerson('teacher'), await school.addPerson('student')];
  const classId = await school.addClass(teacher, [pupil]);
  const [one, two] = [
    new pg.Client({ connectionString: built.url }),
    new pg.Client({ connectionString: built.url }),
  ];
  await one.connect();
  await two.connect();
  const uuids = stored({ classId, userId: pupil });
  await one.query('begin');
  await one.query('update users set name = $1 where user_id = $2', ['Slow', uuids.userId]);
  const leaving = two.query('delete from class_members where class_id = $1 and user_id = $2', [
    uuids.classId,
    uuids.userId,
  ]);
  await one.query('commit');
  await leaving;
  const { rows } = await one.query('select scope from sync_entry where row_id = $1 and tbl = 1 and not del', [
    uuids.userId,
  ]);
  expect(rows.map((row) => row.scope)).not.toContain(`class:${uuids.classId}`);
  await one.end();
  await two.end();
});

test('mutations are settled in order and once, and acknowledged by the rows of a pull', async () => {
  const admin = await school.addPerson('group_admin');
  const device = deviceOf(admin);
  await device.pull();
  const classId = newId('class');
  const create = {
    mid: 1,
    name: 'classes.create',
    args: { classId, groupId: school.school, name: `New ${classId.slice(-6)}` },
  };
  const rename = { mid: 2, name: 'classes.update', args: { classId, name: `Newer ${classId.slice(-6)}` } };
  expect(await device.push([create, rename])).toEqual({ __type: 'SyncPush', lastMid: 2 });
  expect(await device.push([create, rename])).toEqual({ __type: 'SyncPush', lastMid: 2 });
  expect(
    await device.push([{ mid: 9, name: 'classes.archive', args: { classId, archived: true } }]),
  ).toMatchObject({ lastMid: 2 });
  await device.pull();
  expect(device.of('syncClients').map((row) => row.lastMid)).toEqual([2]);
  expect(
    device
      .of('classes')
      .filter((row) => row.classId === classId)
      .map((row) => row.name),
  ).toEqual([rename.args.name]);
});

test('what was put away comes back whole when that is undone', async () => {
  const [admin, teacher] = [await school.addPerson('group_admin'), await school.addPerson('teacher')];
  const classId = await school.addClass(teacher, [await school.addPerson('student')]);
  const tool = await school.addTool(teacher);
  const assignmentId = newId('assignment');
  const [it, them] = [deviceOf(admin), deviceOf(teacher)];
  await them.push([
    { mid: 1, name: 'assignments.create', args: { assignmentId, classId, ...tool, title: 'Do it' } },
    { mid: 2, name: 'assignments.remove', args: { assignmentId, removed: true } },
    { mid: 3, name: 'tools.archive', args: { toolId: tool.toolId, archived: true } },
  ]);
  await it.push([{ mid: 1, name: 'classes.archive', args: { classId, archived: true } }]);
  await them.pull();
  // A teacher also sees the other classes of the school.
  const ofThis = (table: 'classes' | 'classMembers') =>
    them.of(table).filter((row) => row.classId === classId);
  expect([ofThis('classes'), them.of('tools'), them.of('assignments')]).toEqual([[], [], []]);
  await it.push([{ mid: 2, name: 'classes.archive', args: { classId, archived: false } }]);
  await them.push([
    { mid: 4, name: 'tools.archive', args: { toolId: tool.toolId, archived: false } },
    { mid: 5, name: 'assignments.remove', args: { assignmentId, removed: false } },
  ]);
  await them.pull();
  expect(them.of('syncRefusals')).toEqual([]);
  expect(ofThis('classes')).toHaveLength(1);
  expect(ofThis('classMembers')).toHaveLength(2);
  expect(them.of('tools').map((row) => row.toolId)).toEqual([tool.toolId]);
  expect(them.of('assignments').map((row) => row.assignmentId)).toEqual([assignmentId]);
});

test('a refused mutation leaves nothing but its reason, and the next one goes on', async () => {
  const admin = await school.addPerson('group_admin');
  const device = deviceOf(admin);
  const [first, second] = [newId('class'), newId('class')];
  const name = `Twin ${first.slice(-6)}`;
  await device.push([
    { mid: 1, name: 'classes.create', args: { classId: first, groupId: school.school, name } },
    { mid: 2, name: 'classes.create', args: { classId: second, groupId: school.school, name } },
    { mid: 3, name: 'classes.create', args: { classId: 'nonsense' } },
    { mid: 4, name: 'nothing.known', args: {} },
    { mid: 5, name: 'classes.update', args: { classId: first, subject: 'Art' } },
  ]);
  await device.pull();
  const refusals = device.of('syncRefusals').sort((a, b) => Number(a.mid) - Number(b.mid));
  expect(refusals.map((row) => [row.mid, row.code])).toEqual([
    [2, 'CONFLICT'],
    [3, 'BAD_REQUEST'],
    [4, 'BAD_REQUEST'],
  ]);
  expect(refusals[0]?.message).toContain(name);
  expect(refusals[1]?.message).toContain('classId');
  expect(device.of('classes').find((row) => row.classId === first)?.subject).toBe('Art');
});

test('a device of somebody else is refused', async () => {
  const [one, two] = [await school.addPerson('group_admin'), await school.addPerson('group_admin')];
  const device = deviceOf(one);
  await device.push([{ mid: 1, name: 'nothing', args: {} }]);
  const theirs = call(
    userAppRouter.sync.push,
    { syncClientId: device.syncClientId, mutations: [{ mid: 2, name: 'nothing', args: {} }] },
    { context: built.as(two, school.tenantId) },
  );
  await expect(theirs).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('a cursor of another database or version, of the future, or none at all begins anew', async () => {
  const pupil = await school.addPerson('student');
  const device = deviceOf(pupil);
  await device.pull();
  const mine = device.cursor ?? '';
  const [, ...snapshot] = mine.split('.');
  for (const [cursor, reason] of [
    [['1other', ...snapshot].join('.'), 'epoch'],
    [encodeCursor(await epochOf(), '9000000000:9000000000:'), 'epoch'],
    ['nothing of ours', 'protocol'],
    ['', 'protocol'],
  ] as const) {
    device.cursor = cursor;
    await device.pull();
    expect(device.frames).toEqual([{ kind: 'reset', reason }]);
  }
  device.cursor = mine;
  await device.pull();
  expect(device.frames.map(({ kind }) => kind)).toEqual(['cursor']);
});

test.each(['5:5:', '100:118:100,103,117', '9223372036854775800:9223372036854775807:9223372036854775801'])(
  'the snapshot %s comes back out of its cursor',
  (snapshot) => {
    const cursor = encodeCursor('an epoch', snapshot);
    expect(snapshotOf(cursor)).toBe(snapshot);
    expect(readCursor(cursor, { epoch: 'an epoch', purged: '1', now: snapshot })).toEqual({ s: snapshot });
  },
);

test('a load of many parts shows one moment, in whatever order they come, and what is written meanwhile', async () => {
  const { systemDb } = built.app;
  const { tenantId } = school;
  const admin = await school.addPerson('group_admin');
  const groupId = school.school;
  const classIds = Array.from({ length: 7_000 }, () => newId('class'));
  for (let at = 0; at < classIds.length; at += 1_000) {
    await systemDb.classes.createMany(
      classIds
        .slice(at, at + 1_000)
        .map((classId) => ({ tenantId, groupId, classId, name: `Many ${classId}` })),
    );
  }
  const device = deviceOf(admin);
  const ask = (next: string | null) =>
    call(
      userAppRouter.sync.pull,
      { syncClientId: device.syncClientId, cursor: null, scopes: [], next },
      { context: built.as(admin, tenantId) },
    );
  const begun = await ask(null);
  expect(begun.parts?.length).toBeGreaterThan(1);
  expect(begun.frames.every((frame) => frame.kind === 'rows' && frame.replace)).toBe(true);
  const [changed, archived] = classIds;
  if (!changed || !archived) throw new Error('there are thousands');
  const write = async () => {
    await systemDb.classes.where(stored({ tenantId, classId: changed })).update({ name: 'Meanwhile' });
    await systemDb.classes.where(stored({ tenantId, classId: archived })).update({ deletedAt: Date.now() });
  };
  const frames = [...begun.frames];
  for (const [at, part] of (begun.parts ?? []).reverse().entries()) {
    if (at === 1) await write();
    const answer = await ask(part);
    expect(answer).toMatchObject({ next: null });
    expect(answer.parts).toBeUndefined();
    frames.push(...answer.frames);
  }
  const rest = await ask(begun.next);
  expect(rest.frames.at(-1)?.kind).toBe('cursor');
  device.take([...frames, ...rest.frames]);
  const names = new Map(device.of('classes').map((row) => [row.classId, row.name]));
  expect(names.get(changed)).toBe('Meanwhile');
  expect(names.has(archived)).toBe(false);
  expect(classIds.filter((classId) => names.has(classId))).toHaveLength(6_999);
  await device.pull();
  expect(device.frames.map(({ kind }) => kind)).toEqual(['cursor']);
});

test('a right that is lost between two parts is gone when the load is complete', async () => {
  const [teacher, pupil] = [await school.addPerson('teacher'), await school.addPerson('student')];
  const classId = await school.addClass(teacher, [pupil]);
  const device = deviceOf(pupil);
  const place = { t: '3:3:', loaded: [`class:${storedId(classId)}`] };
  await built.app.systemDb.classMembers.where(stored({ userId: pupil })).delete();
  const rest = await call(
    userAppRouter.sync.pull,
    { syncClientId: device.syncClientId, cursor: null, scopes: [], next: encodePlace(place) },
    { context: built.as(pupil, school.tenantId) },
  );
  expect(rest.frames[0]).toEqual({ kind: 'gone', scopes: place.loaded });
});

test('a load begins anew when a part of it is of a right that is lost, though it may be back when the load ends', async () => {
  const [teacher, pupil] = [await school.addPerson('teacher'), await school.addPerson('student')];
  const classId = await school.addClass(teacher, [pupil]);
  const { systemDb } = built.app;
  const { tenantId } = school;
  const scope = `class:${storedId(classId)}`;
  const syncClientId = newId('device');
  const ask = (next: string | null) =>
    built.app.puller.pull({
      tenantId,
      userId: pupil,
      syncClientId,
      cursor: null,
      scopes: [],
      next,
      partSize: 1,
    });
  const page = await ask(null);
  const isOfClass = (part: string) => {
    const place = readPlace(part);
    return place !== undefined && 'groups' in place && place.groups.some((group) => group.scope === scope);
  };
  const parts = page.parts ?? [];
  expect(parts.some(isOfClass)).toBe(true);
  const member = await systemDb.classMembers.where(stored({ userId: pupil })).take();
  await systemDb.classMembers.where(stored({ userId: pupil })).delete();
  for (const part of parts) {
    const { frames } = await ask(part);
    const anew = [{ kind: 'reset', reason: 'rights' }];
    if (isOfClass(part)) expect(frames).toEqual(anew);
    else expect(frames).not.toEqual(anew);
  }
  const { classMemberId, role } = member;
  await systemDb.classMembers.create({ tenantId, classMemberId, classId, userId: pupil, role });
  // This answer says nothing of the class: it takes it for loaded.
  const { frames } = await ask(page.next);
  expect(frames.filter((frame) => frame.kind === 'rows' && frame.scope === scope && frame.replace)).toEqual(
    [],
  );
});

test('a message sent twice is one message, one run and one place for the answer', async () => {
  const [teacher, pupil] = [await school.addPerson('teacher'), await school.addPerson('student')];
  const classId = await school.addClass(teacher, [pupil]);
  const tool = await school.addTool(teacher, 1);
  const assignmentId = newId('assignment');
  await built.app.systemDb.assignments.create({
    tenantId: school.tenantId,
    assignmentId,
    classId,
    ...tool,
    title: 'Talk',
  });
  const device = deviceOf(pupil);
  const chatSessionId = newId('chat');
  const message = () => ({
    chatSessionId,
    messageId: newId('message'),
    runId: newId('run'),
    answerMessageId: newId('message'),
    text: 'hello',
  });
  const first = message();
  const { toolVersionId } = tool;
  await device.push([
    { mid: 1, name: 'chat.start', args: { chatSessionId, assignmentId, toolVersionId } },
    { mid: 2, name: 'chat.send', args: first },
    { mid: 3, name: 'chat.send', args: first },
    { mid: 4, name: 'chat.send', args: message() },
  ]);
  await device.pull();
  expect(device.of('messages').map((row) => [row.seq, row.text])).toEqual([[1, 'hello']]);
  expect(device.of('runs').map((row) => row.status)).toEqual(['pending']);
  expect(device.of('syncRefusals').map((row) => row.mid)).toEqual([4]);
  expect(
    built.queued.filter((task) => 'runId' in task.input && task.input.runId === first.runId),
  ).toHaveLength(1);
  // Until hooks have passed it, a message is its author's only.
  const reader = deviceOf(teacher);
  await reader.pull();
  expect(reader.of('messages')).toEqual([]);
  expect(reader.of('chatSessions')).toHaveLength(1);
});
