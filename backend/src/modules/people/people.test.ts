import { call } from '@orpc/server';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { runSql } from '../../db/run_sql';
import { stored, storedId } from '../../db/stored_id';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { runCommand } from '../../test/run_command';
import { peopleProgram } from '../users/services/run_people_commands.service';
import { movedData, unmovedData } from './moved_data';

let built: Awaited<ReturnType<typeof buildApp>>;
let school: Awaited<ReturnType<typeof buildSchool>>;
let admin: UserId;
beforeAll(async () => {
  built = await buildApp();
});
afterAll(() => built.close());
beforeEach(async () => {
  school = await buildSchool(built.app.systemDb);
  admin = await school.addPerson('group_admin');
});

const as = (userId: UserId) => ({ context: built.as(userId, school.tenantId) });
const idsOf = (userId: UserId) => stored({ tenantId: school.tenantId, userId });

async function addSignIn(userId: UserId, email: string, providerIds: string[]) {
  const { systemDb } = built.app;
  await systemDb.userContacts.where(idsOf(userId)).update({ email, username: email.slice(0, 5) });
  await systemDb.authUsers.create({
    id: userId,
    tenantId: school.tenantId,
    name: 'P',
    email,
    emailVerified: true,
  });
  for (const providerId of providerIds) {
    const accountId = providerId === 'credential' ? userId : `${providerId}-${userId}`;
    const password = providerId === 'credential' ? 'a hash' : null;
    await systemDb.authAccounts.create({ id: newId('account'), userId, accountId, providerId, password });
  }
  const session = { id: newId('authsession'), userId, token: newId('authsession') };
  await systemDb.authSessions.create({ ...session, expiresAt: Date.now() + 1e6, deviceContext: 'personal' });
}

/** Somebody with a class of their own, a chat in it and what they wrote. */
async function addPupilWithChat() {
  const [teacher, pupil] = [await school.addPerson('teacher'), await school.addPerson('student')];
  const classId = await school.addClass(teacher, [pupil]);
  const tool = await school.addTool(teacher);
  const [chatSessionId, assignmentId] = [newId('chat'), newId('assignment')];
  const given = { tenantId: school.tenantId, assignmentId, classId, ...tool, title: 'T' };
  await built.app.systemDb.assignments.create(given);
  const { toolVersionId } = tool;
  await call(userAppRouter.chat.start, { chatSessionId, assignmentId, toolVersionId }, as(pupil));
  const [messageId, runId, answerMessageId] = [newId('message'), newId('run'), newId('message')];
  const said = { chatSessionId, messageId, runId, answerMessageId, text: 'Why is it blue?' };
  await call(userAppRouter.chat.send, said, as(pupil));
  const finish = () =>
    built.app.systemDb.runs
      .where(stored({ tenantId: school.tenantId, runId }))
      .update({ status: 'completed', attempt: 1 });
  return { pupil, teacher, classId, chatSessionId, messageId, finish };
}

const merge = (userId: UserId, duplicateUserId: UserId, who = admin) =>
  call(userAppRouter.people.merge, { userId, duplicateUserId }, { ...as(who), path: ['people', 'merge'] });
const read = (userId: UserId, duplicateUserId: UserId, who = admin) =>
  call(userAppRouter.people.readMerge, { userId, duplicateUserId }, as(who));

test('every column that names a person goes along in a merge or says why it stays', async () => {
  const rows = await runSql<{ name: string }>(
    built.app.systemDb,
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and (column_name like '%user_id' or column_name = 'internal_id')
       and table_name not like 'auth_%'`,
  );
  const known = new Set([
    ...movedData.map(({ table, column }) => `${table}.${column}`),
    ...Object.keys(unmovedData),
  ]);
  expect(rows.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
});

test('chats, memberships, addresses and ways in go to the account that stays; the other is closed and signed out', async () => {
  const { systemDb } = built.app;
  const kept = await school.addPerson('student');
  const { pupil, classId, chatSessionId, messageId, finish } = await addPupilWithChat();
  await finish();
  await systemDb.userContacts.where(idsOf(kept)).update({ email: null, username: 'keptname' });
  await addSignIn(pupil, `twice-${pupil.slice(-6).toLowerCase()}@school.example`, ['credential', 'google']);
  const before = await read(kept, pupil);
  expect(before).toMatchObject({
    blockedBecause: null,
    moves: { chats: 1, classes: 1, groups: 1, answers: 1, 'ways to sign in': 2 },
    conflicts: [{ kind: 'username', kept: 'keptname' }],
  });
  expect(before.moves.messages).toBeGreaterThan(0);
  // To look changes nothing.
  expect(await systemDb.chatSessions.where(stored({ chatSessionId, userId: pupil })).count()).toBe(1);

  expect(await merge(kept, pupil)).toEqual(before);
  expect(await systemDb.chatSessions.where(stored({ chatSessionId, userId: kept })).count()).toBe(1);
  expect(await systemDb.classMembers.where(stored({ classId, userId: kept })).count()).toBe(1);
  expect(await systemDb.classMembers.where(idsOf(pupil)).count()).toBe(0);
  const contact = await systemDb.userContacts.findBy(idsOf(kept));
  expect(contact).toMatchObject({ username: 'keptname', email: expect.stringContaining('twice-') });
  const signIn = await systemDb.authUsers.find(storedId(kept));
  expect(signIn).toMatchObject({ email: contact.email, emailVerified: true });
  const ways = await systemDb.authAccounts
    .where({ userId: storedId(kept) })
    .select('providerId', 'accountId');
  expect(ways).toContainEqual({ providerId: 'credential', accountId: kept });
  expect(ways).toHaveLength(2);
  const closed = await systemDb.users.includeDeleted().findBy(idsOf(pupil));
  expect(closed).toMatchObject({ status: 'suspended', deletedAt: expect.any(Number) });
  expect(await systemDb.authUsers.where({ id: storedId(pupil) }).count()).toBe(0);
  expect(await systemDb.authSessions.where({ userId: storedId(pupil) }).count()).toBe(0);
  // What the account that stays holds reaches its browser, and nothing of it stays with the other.
  const entries = await runSql<{ scope: string; del: boolean }>(
    systemDb,
    `select scope, del from sync_entry where row_id = $1 and scope like 'user:%' order by scope`,
    [storedId(messageId)],
  );
  expect(entries).toHaveLength(2);
  expect(entries).toContainEqual({ scope: `user:${storedId(kept)}`, del: false });
  expect(entries).toContainEqual({ scope: `user:${storedId(pupil)}`, del: true });
  const log = await systemDb.auditEntries
    .where(stored({ tenantId: school.tenantId }))
    .where({ action: 'people.merge' });
  expect(log).toMatchObject([
    { actorUserId: admin, subjectUserId: kept, details: { userId: kept, duplicateUserId: pupil } },
  ]);
});

test('of two in one class one stays, with the role of more rights, and a second password stays behind', async () => {
  const { systemDb } = built.app;
  const [kept, duplicate] = [await school.addPerson('student'), await school.addPerson('teacher')];
  const classId = await school.addClass(duplicate, [kept]);
  await addSignIn(kept, `one-${kept.slice(-6).toLowerCase()}@school.example`, ['credential']);
  await addSignIn(duplicate, `two-${duplicate.slice(-6).toLowerCase()}@school.example`, [
    'credential',
    'microsoft',
  ]);
  const { conflicts } = await merge(kept, duplicate);
  expect(conflicts.map(({ kind }) => kind)).toEqual(['class', 'group', 'email', 'username', 'password']);
  const members = await systemDb.classMembers.where(stored({ tenantId: school.tenantId, classId }));
  expect(members).toMatchObject([{ userId: kept, role: 'teacher' }]);
  const signIn = await systemDb.authUsers.find(storedId(kept));
  expect(signIn.email).toContain('one-');
  const ways = await systemDb.authAccounts.where({ userId: storedId(kept) }).pluck('providerId');
  expect(ways.sort()).toEqual(['credential', 'microsoft']);
});

test('nothing is merged while an answer is on its way, with oneself, or by somebody who may not look after both', async () => {
  const kept = await school.addPerson('student');
  const { pupil, teacher, finish } = await addPupilWithChat();
  expect((await read(kept, pupil)).blockedBecause).toContain('on its way');
  await expect(merge(kept, pupil)).rejects.toMatchObject({ code: 'CONFLICT' });
  await finish();
  await expect(merge(kept, kept)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await expect(merge(kept, pupil, teacher)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(merge(kept, admin)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const elsewhere = await (await buildSchool(built.app.systemDb)).addPerson('student');
  await expect(merge(kept, elsewhere)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await built.app.systemDb.users.where(idsOf(pupil)).count()).toBe(1);
});

test('the command line compares two accounts and merges them by the same service', async () => {
  const [kept, duplicate] = [await school.addPerson('student'), await school.addPerson('student')];
  const flags = { tenantId: school.tenantId, user: kept, duplicate };
  const compared = await runCommand(peopleProgram, 'compare', built.app, flags);
  expect(compared).toMatchObject({ moves: { groups: 1 }, blockedBecause: null });
  expect(await runCommand(peopleProgram, 'merge', built.app, flags)).toEqual(compared);
  expect(await built.app.systemDb.users.where(idsOf(duplicate)).count()).toBe(0);
  await expect(runCommand(peopleProgram, 'merge', built.app, flags)).rejects.toThrow('does not exist');
});

describe('a merge that comes to nothing at its commit leaves either account as it was, with its ways in', () => {
  const lock = 7_263_099;
  let owner: pg.Client;
  beforeAll(async () => {
    owner = new pg.Client({ connectionString: built.url });
    await owner.connect();
  });
  afterAll(() => owner.end());

  /** What `body` does is done when a transaction that has written to the log is committed. */
  async function atCommit(body: string, work: () => Promise<void>): Promise<void> {
    await owner.query(`create function at_commit() returns trigger language plpgsql as $$
      begin ${body}; return null; end $$;
      create constraint trigger at_commit after insert on audit_entries deferrable initially deferred
      for each row execute function at_commit()`);
    try {
      await work();
    } finally {
      await owner.query('drop function at_commit() cascade');
    }
  }

  async function addTwins() {
    const [kept, duplicate] = [await school.addPerson('student'), await school.addPerson('student')];
    await built.app.systemDb.userContacts.where(idsOf(kept)).update({ email: null });
    await addSignIn(duplicate, `twin-${duplicate.slice(-6).toLowerCase()}@school.example`, ['google']);
    return { kept, duplicate };
  }
  /** Who is whom, by what, and signed in; of both. */
  async function standing({ kept, duplicate }: { kept: UserId; duplicate: UserId }) {
    const both = [storedId(kept), storedId(duplicate)];
    const { rows } = await owner.query(
      `select u.user_id, u.status, u.deleted_at, c.email, a.email as opens, array(
         select k.provider_id || ' ' || k.account_id from auth_accounts k where k.user_id = u.user_id) as ways,
         (select count(*) from auth_sessions s where s.user_id = u.user_id) as sessions
       from users u join user_contacts c using (tenant_id, user_id) left join auth_users a on a.id = u.user_id
       where u.user_id = any($1::uuid[]) order by u.user_id`,
      [both],
    );
    return rows;
  }

  test('when the database refuses it', async () => {
    const twins = await addTwins();
    const before = await standing(twins);
    await atCommit(`raise exception 'no'`, async () => {
      await expect(merge(twins.kept, twins.duplicate)).rejects.toMatchObject({
        code: 'INTERNAL_SERVER_ERROR',
      });
    });
    expect(await standing(twins)).toEqual(before);
  });

  test('when its connection is killed after the last statement', async () => {
    const twins = await addTwins();
    const before = await standing(twins);
    await owner.query('select pg_advisory_lock($1)', [lock]);
    try {
      await atCommit(`perform pg_advisory_xact_lock(${lock})`, async () => {
        const merging = merge(twins.kept, twins.duplicate);
        const refused = expect(merging).rejects.toMatchObject({ status: 503 });
        const pid = await vi.waitFor(async () => {
          const { rows } = await owner.query(
            `select pid from pg_locks where locktype = 'advisory' and objid = $1 and not granted`,
            [lock],
          );
          expect(rows).toHaveLength(1);
          return rows[0].pid;
        }, 20_000);
        // Until it is committed nobody is signed out, and nobody gets in by what was somebody else's.
        expect(await standing(twins)).toEqual(before);
        await owner.query('select pg_terminate_backend($1)', [pid]);
        await refused;
      });
    } finally {
      await owner.query('select pg_advisory_unlock($1)', [lock]);
    }
    expect(await standing(twins)).toEqual(before);
    // And it can be asked for again.
    await merge(twins.kept, twins.duplicate);
    const [kept, closed] = [storedId(twins.kept), storedId(twins.duplicate)];
    const after = await standing(twins);
    expect(after.find(({ user_id }) => user_id === kept)).toMatchObject({
      status: 'active',
      opens: expect.stringContaining('twin-'),
      ways: [`google google-${twins.duplicate}`],
    });
    expect(after.find(({ user_id }) => user_id === closed)).toMatchObject({
      status: 'suspended',
      opens: null,
      ways: [],
      sessions: '0',
    });
  });
});
