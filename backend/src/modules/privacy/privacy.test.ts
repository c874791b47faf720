import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appRole, systemRole } from '../../db/base_table';
import { runSql } from '../../db/run_sql';
import { stored, storedId } from '../../db/stored_id';
import { forgetTraces } from '../../events/forget_traces';
import { orchidQuery } from '../../events/orchid_query';
import { createQueue, type Queue } from '../../events/tbus';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { requestResetTask } from '../auth/auth.event';
import { classMemberAdded } from '../classes/classes.event';
import { impersonalTables, personalData, trails } from './personal_data';
import { applyRetention } from './services/apply_retention.service';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
let queue: Queue;
let admin: UserId;
beforeAll(async () => {
  built = await buildApp();
  const { app } = built;
  school = await buildSchool(app.systemDb);
  admin = await school.addPerson('group_admin');
  queue = createQueue({
    connection: { connectionString: built.url, options: `-c role=${systemRole}` },
    queues: {},
    producerRoles: [appRole],
    logger: app.logger,
  });
  await queue.start();
  app.enqueue = async (task, input, options) => {
    await task.send(orchidQuery(app.db), input, options);
  };
  app.publish = (event, payload) => event.publish(orchidQuery(app.db), payload);
  app.forgetInQueue = (database, traces) => forgetTraces(orchidQuery(database), traces);
});
afterAll(async () => {
  await queue?.stop();
  await built?.close();
});

const as = (userId: UserId) => ({ context: built.as(userId, school.tenantId) });

/** A pupil who has done everything a pupil can, marked so that a search finds every trace. */
async function addPupil(name: string) {
  const { systemDb } = built.app;
  const { tenantId } = school;
  const teacher = await school.addPerson('teacher');
  const pupil = await school.addPerson('student');
  const email = `${name.toLowerCase().replace(' ', '.')}@school.example`;
  const ids = stored({ tenantId, userId: pupil });
  await systemDb.users.findBy(ids).update({ name });
  await systemDb.userContacts.findBy(ids).update({ email, username: name.toLowerCase() });
  await systemDb.authUsers.create({ id: pupil, tenantId, name, email, emailVerified: true });
  const session = { id: newId('authsession'), userId: pupil, token: `token-${pupil}` };
  await systemDb.authSessions.create({ ...session, expiresAt: Date.now() + 1e6, deviceContext: 'personal' });
  const classId = await school.addClass(teacher, [pupil]);
  const tool = await school.addTool(teacher);
  const assignmentId = newId('assignment');
  await systemDb.assignments.create({ tenantId, assignmentId, classId, ...tool, title: 'T' });
  const chatSessionId = newId('chat');
  const { toolVersionId } = tool;
  await call(userAppRouter.chat.start, { chatSessionId, assignmentId, toolVersionId }, as(pupil));
  const [messageId, runId, answerMessageId] = [newId('message'), newId('run'), newId('message')];
  const text = `${name} wonders why`;
  await call(userAppRouter.chat.send, { chatSessionId, messageId, runId, answerMessageId, text }, as(pupil));
  const run = { tenantId, runId };
  await systemDb.runs.where(stored(run)).update({ status: 'completed', attempt: 1 });
  const said = { ...run, chatSessionId, userId: pupil, classId, shownToStaff: true };
  const answer = { messageId: answerMessageId, seq: 2, role: 'assistant' as const, text: `Well, ${name}` };
  await systemDb.messages.create({ ...said, ...answer });
  await systemDb.runChunks.create({ ...run, attempt: 1, seq: 0, text: `Well, ${name}` });
  await systemDb.runPrompts.create({ ...run, attempt: 1, messages: [{ role: 'user', content: text }] });
  await systemDb.runOriginals.create({
    ...run,
    attempt: 1,
    hook: 'chat:before_ai',
    module: 'pii-filter',
    original: text,
  });
  await call(
    userAppRouter.chat.recordView,
    { transcriptViewId: newId('view'), chatSessionId, viewedAt: Date.now() },
    as(teacher),
  );
  await systemDb.notifications.create({
    tenantId,
    notificationId: newId('notification'),
    userId: teacher,
    workflow: 'assignment-created',
    data: { teacher: name },
    cause: name,
  });
  await requestResetTask.send(orchidQuery(systemDb), { email, signInLinkId: newId('signinlink') });
  await classMemberAdded.publish(orchidQuery(systemDb), {
    __type: 'ClassMemberAdded',
    tenantId,
    actorUserId: admin,
    timestamp: Date.now(),
    entityId: classId,
    userId: pupil,
    role: 'student',
  });
  return { pupil, teacher, email, classId, chatSessionId, runId, tool };
}

/** Every row of every table, the queue's too, that holds one of these texts. */
async function findTraces(traces: string[]): Promise<string[]> {
  const { systemDb } = built.app;
  const tables = await runSql<{ name: string }>(
    systemDb,
    `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname in ('public', 'tbus')
       and has_table_privilege(c.oid, 'select')`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await runSql<{ row: string }>(
      systemDb,
      `select t::text as row from ${name} t where exists (
         select from unnest($1::text[]) trace where strpos(lower(t::text), lower(trace)) > 0)`,
      [traces],
    );
    found.push(...rows.map(({ row }) => `${name}: ${row}`));
  }
  return found;
}

test('every table that leads to a person is in the map of personal data, or says why not', async () => {
  const columns = await runSql<{ table: string; column: string }>(
    built.app.systemDb,
    `select c.table_name as table, c.column_name as column from information_schema.columns c
     join information_schema.tables t on t.table_name = c.table_name and t.table_schema = c.table_schema
     where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
       and (c.column_name ~ '(^|_)user_id$' or c.column_name in ('run_id', 'chat_session_id', 'message_id',
         'sync_client_id'))
       and c.table_name not like 'auth\\_%' and c.table_name not like 'roster\\_stage%'`,
  );
  const known = new Set([...personalData.map(({ table }) => table), ...Object.keys(impersonalTables)]);
  const forgotten = columns.filter(({ table }) => !known.has(table)).map(({ table }) => table);
  expect([...new Set(forgotten)]).toEqual([]);
  // A person's own column is cleared or the row goes; a second person in a row needs a line of its own.
  const missing = columns.filter(
    ({ table, column }) =>
      column.endsWith('user_id') &&
      !Object.hasOwn(impersonalTables, table) &&
      !personalData.some((each) => each.table === table && each.of.includes(column)),
  );
  expect(missing).toEqual([]);
});

test('trails of who read what may grow and never change: the app’s own role only adds to them', async () => {
  const rows = await runSql<{ table: string; may: string[] }>(
    built.app.systemDb,
    `select c.relname as table, array(
       select p from unnest(array['insert', 'update', 'delete', 'truncate']) p
       where has_table_privilege($1, c.oid, p)) as may
     from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
       and (c.relname like '%\\_views' or c.relname = any($2))`,
    [appRole, [...trails]],
  );
  expect(rows.length).toBeGreaterThanOrEqual(trails.size);
  expect(rows.filter(({ may }) => may.join() !== 'insert')).toEqual([]);
});

test('an export holds every row about a person, and none about anybody else', async () => {
  const one = await addPupil('Wilhelmina Quark');
  await addPupil('Somebody Else');
  const { tables } = await call(userAppRouter.privacy.exportPerson, { userId: one.pupil }, as(admin));
  const text = JSON.stringify(tables);
  expect(text).toContain('Wilhelmina Quark wonders why');
  expect(text).toContain('Well, Wilhelmina Quark');
  expect(text).not.toContain('Somebody Else');
  expect(text).not.toContain('token-');
  for (const table of [
    'users',
    'user_contacts',
    'messages',
    'runs',
    'chat_sessions',
    'run_prompts',
    'class_members',
  ])
    expect(tables[table]?.length, table).toBeGreaterThan(0);
  // Their own, they may ask for themselves; a classmate's or a teacher's they may not.
  const mine = await call(userAppRouter.privacy.exportPerson, { userId: one.pupil }, as(one.pupil));
  expect(mine.tables.messages).toEqual(tables.messages);
  await expect(
    call(userAppRouter.privacy.exportPerson, { userId: one.teacher }, as(one.pupil)),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('the export of whoever read a note has not the note: it is about somebody else', async () => {
  const { systemDb } = built.app;
  const { tenantId } = school;
  const { pupil, teacher, classId, chatSessionId } = await addPupil('Theodora Finch');
  const messageNoteId = newId('note');
  await systemDb.messageNotes.create({
    tenantId,
    messageNoteId,
    chatSessionId,
    classId,
    userId: pupil,
    module: 'mood',
    kind: 'worry',
    label: 'Theodora is worried',
    data: { about: 'Theodora at home' },
    severity: 'alert',
    acknowledgedAt: Date.now(),
    acknowledgedByUserId: teacher,
  });
  const exported = async (userId: UserId) =>
    (await call(userAppRouter.privacy.exportPerson, { userId }, as(admin))).tables;
  expect((await exported(pupil)).message_notes).toHaveLength(1);
  expect(JSON.stringify(await exported(teacher))).not.toMatch(/worried|at home/);
});

test('of an erased person no word, name, address or id is left, in the queue neither', async () => {
  const { pupil, email, runId, chatSessionId } = await addPupil('Ottoline Vexworth');
  // With letters that no id of ours has, or chance would find a name in one.
  const words = ['Ottoline', 'Vexworth', email, pupil];
  expect((await findTraces(words)).length).toBeGreaterThan(8);
  const receipt = await call(userAppRouter.privacy.erasePerson, { userId: pupil }, as(admin));
  expect(receipt.counts).toMatchObject({ users: 1, messages: 2, runs: 1, chat_sessions: 1 });
  expect(await findTraces(words)).toEqual([]);
  // The bare ids of rows that are gone stand in what tells devices to drop them, and nowhere else.
  const left = await findTraces([storedId(pupil), storedId(runId), storedId(chatSessionId)]);
  expect(left.filter((row) => !row.startsWith('public.sync_entry'))).toEqual([]);
  const alive = await runSql(
    built.app.systemDb,
    'select from sync_entry where row_id = any ($1::uuid[]) and not del',
    [[storedId(pupil), storedId(runId), storedId(chatSessionId)]],
  );
  expect(alive).toEqual([]);
});

test('with a person go the accounts that were merged into theirs, and an export shows them', async () => {
  const { systemDb } = built.app;
  const { tenantId } = school;
  const { pupil, teacher } = await addPupil('Wendelgard Krox');
  const merger = await school.addPerson('group_admin');
  const addAccount = async (name: string) => {
    const userId = await school.addPerson('student');
    const ids = stored({ tenantId, userId });
    await systemDb.users.findBy(ids).update({ name });
    await systemDb.userContacts.findBy(ids).update({ email: null, username: name.toLowerCase() });
    await systemDb.syncClients.create({ tenantId, userId, syncClientId: newId('device') });
    await systemDb.notifications.create({
      tenantId,
      notificationId: newId('notification'),
      userId: teacher,
      workflow: 'assignment-created',
      data: { teacher: name },
      cause: name,
    });
    return userId;
  };
  const merge = (userId: UserId, duplicateUserId: UserId) =>
    call(
      userAppRouter.people.merge,
      { userId, duplicateUserId },
      { ...as(merger), path: ['people', 'merge'] },
    );
  const [second, third] = [await addAccount('Zwentibold'), await addAccount('Quintilla')];
  await merge(second, third);
  await merge(pupil, second);
  const { tables } = await call(userAppRouter.privacy.exportPerson, { userId: pupil }, as(admin));
  expect(tables.users?.map(({ name }) => name)).toEqual(['Wendelgard Krox', 'Zwentibold', 'Quintilla']);
  // Whoever merged them may be gone before.
  await call(userAppRouter.privacy.erasePerson, { userId: merger }, as(admin));
  const words = ['Wendelgard', 'Krox', 'Zwentibold', 'Quintilla', pupil, second, third];
  expect((await findTraces(words)).length).toBeGreaterThan(8);
  const { counts } = await call(userAppRouter.privacy.erasePerson, { userId: pupil }, as(admin));
  expect(counts).toMatchObject({ users: 3, sync_clients: 2 });
  expect(await findTraces(words)).toEqual([]);
  const left = await findTraces([storedId(pupil), storedId(second), storedId(third)]);
  expect(left.filter((row) => !row.startsWith('public.sync_entry'))).toEqual([]);
});

test('an address that a merge frees goes from the queue with it; one that goes along, or is somebody else’s, stays', async () => {
  const { systemDb } = built.app;
  const { tenantId } = school;
  const waiting = async () => {
    const rows = await runSql<{ data: string }>(systemDb, 'select data::text from tbus.tasks');
    return rows.map(({ data }) => data).join('\n');
  };
  const merge = (userId: UserId, duplicateUserId: UserId) =>
    call(
      userAppRouter.people.merge,
      { userId, duplicateUserId },
      { ...as(admin), path: ['people', 'merge'] },
    );
  const kept = await addPupil('Kunigunde Twice');
  const [freed, followed, shared] = [
    await addPupil('Duplicate Freed'),
    await addPupil('Duplicate Followed'),
    await addPupil('Duplicate Shared'),
  ];
  // The sign-in may have another address than the contact, and another school may know the same one.
  const signInEmail = 'long.ago@school.example';
  await systemDb.authUsers.find(storedId(freed.pupil)).update({ email: signInEmail });
  for (const email of [signInEmail, `x${freed.email}`])
    await requestResetTask.send(orchidQuery(systemDb), { email, signInLinkId: newId('signinlink') });
  const elsewhere = await buildSchool(systemDb);
  const stranger = await elsewhere.addPerson('student');
  await systemDb.userContacts
    .findBy(stored({ tenantId: elsewhere.tenantId, userId: stranger }))
    .update({ email: shared.email });

  await merge(kept.pupil, freed.pupil);
  await merge(kept.pupil, shared.pupil);
  expect(await waiting()).not.toContain(`"${freed.email}"`);
  expect(await waiting()).not.toContain(signInEmail);
  expect(await waiting()).toContain(`"x${freed.email}"`);
  expect(await waiting()).toContain(`"${shared.email}"`);
  expect(await waiting()).toContain(`"${kept.email}"`);

  const without = await school.addPerson('student');
  await systemDb.userContacts.findBy(stored({ tenantId, userId: without })).update({ email: null });
  await merge(without, followed.pupil);
  expect(await waiting()).toContain(`"${followed.email}"`);
});

test('what waits about others stays in the queue, however short a name the erased person had', async () => {
  const { systemDb } = built.app;
  const { pupil } = await addPupil('Ann Brief');
  const ids = stored({ tenantId: school.tenantId, userId: pupil });
  // A username that stands in every payload, and an address that is the end of somebody else's.
  await systemDb.userContacts.findBy(ids).update({ username: 'e', email: 'Brief@school.example' });
  const waiting = async () => {
    const rows = await runSql<{ data: string }>(systemDb, 'select data::text from tbus.tasks');
    return rows.map(({ data }) => data).join('\n');
  };
  for (const email of ['deborah.brief@school.example', 'brief@school.example']) {
    await requestResetTask.send(orchidQuery(systemDb), { email, signInLinkId: newId('signinlink') });
  }
  const identifier = 'a-sign-in-that-is-under-way';
  const value = '{"codeVerifier":"somebody else"}';
  await systemDb.authVerifications.insert({
    id: newId('verification'),
    identifier,
    value,
    expiresAt: Date.now() + 60_000,
  });
  await call(userAppRouter.privacy.erasePerson, { userId: pupil }, as(admin));
  expect(await waiting()).toContain('deborah.brief@school.example');
  expect(await waiting()).not.toContain('"brief@school.example');
  expect(await systemDb.authVerifications.where({ identifier }).count()).toBe(1);
});

test('a tool outlives whoever wrote it, and the pupils who use it keep their chats', async () => {
  const { teacher, tool, chatSessionId } = await addPupil('Balthasar Nym');
  await call(userAppRouter.privacy.erasePerson, { userId: teacher }, as(admin));
  const { systemDb } = built.app;
  const found = await systemDb.tools.findBy(stored({ tenantId: school.tenantId, toolId: tool.toolId }));
  expect(found.ownerUserId).toBeNull();
  expect(await systemDb.messages.where(stored({ chatSessionId })).count()).toBe(2);
  expect(await findTraces([teacher])).toEqual([]);
});

test('a group keeps chats as long as the nearest group above says, and no longer', async () => {
  const { systemDb } = built.app;
  const { tenantId } = school;
  const old = await addPupil('Old Chat');
  const young = await addPupil('Young Chat');
  const days = (count: number) => Date.now() - count * 86_400_000;
  const ofOld = stored({ tenantId, chatSessionId: old.chatSessionId });
  await systemDb.chatSessions.findBy(ofOld).update({ lastMessageAt: days(45) });
  expect(await applyRetention(systemDb)).toBe(0);
  await call(userAppRouter.groups.update, { groupId: school.district, retentionDays: 365 }, as(admin));
  expect(await applyRetention(systemDb)).toBe(0);
  await call(userAppRouter.groups.update, { groupId: school.school, retentionDays: 30 }, as(admin));
  expect(await applyRetention(systemDb)).toBe(1);
  expect(await applyRetention(systemDb)).toBe(0);
  expect(await findTraces(['Old Chat wonders', 'Well, Old Chat'])).toEqual([]);
  expect(await systemDb.messages.where(stored({ chatSessionId: young.chatSessionId })).count()).toBe(2);
});
