import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stored, storedId } from '../../db/stored_id';
import { buildSchool } from '../../test/build_app';
import { buildCommands } from '../../test/build_commands';
import { verifyPassword } from '../auth/password';
import type { ImportedPeople } from './services/import_people.service';
import type { ListedPerson } from './services/list_people.service';
import { peopleProgram } from './services/run_people_commands.service';

let built: Awaited<ReturnType<typeof buildCommands>>;
let school: (typeof built)['school'];
let run: (typeof built)['run'];
let folder: string;
beforeAll(async () => {
  built = await buildCommands(peopleProgram);
  ({ school, run } = built);
  folder = await mkdtemp(path.join(tmpdir(), 'rapt-people-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await built.close();
});

const file = (name: string) => path.join(folder, name);
async function add(username: string, name = 'Bo'): Promise<UserId> {
  const person = { group: school.school, role: 'student', name, username, password: 'seven whales' };
  const added = (await run('add', person)) as { userId: UserId };
  return added.userId;
}
async function openSession(userId: UserId) {
  const id = newId('authsession');
  const session = { id, userId, token: newId('authsession'), expiresAt: Date.now() + 86_400_000 };
  await built.app.systemDb.authSessions.insert({
    ...session,
    deviceContext: 'personal',
    userAgent: 'A phone',
  });
  return id;
}
async function opens(userId: UserId, password: string): Promise<boolean> {
  const account = await built.app.systemDb.authAccounts.where({ userId: storedId(userId) }).takeOptional();
  return verifyPassword({ hash: account?.password ?? '', password });
}
const statusOf = (userId: UserId) =>
  built.app.systemDb.users.findBy(stored({ tenantId: school.tenantId, userId })).get('status');

test('somebody who is added with a password may sign in, somebody without gets an invitation', async () => {
  const bo = await add('bo.first');
  expect([await statusOf(bo), await opens(bo, 'seven whales')]).toEqual(['active', true]);
  const invited = { group: school.school, role: 'teacher', name: 'Di', email: 'Di@School.example' };
  const { userId } = (await run('add', invited)) as { userId: UserId };
  expect(await statusOf(userId)).toBe('pending_verification');
  expect(await run('links')).toMatchObject([
    { person: 'Di', email: 'di@school.example', purpose: 'invitation' },
    {},
  ]);
  await run('send-link', { user: userId });
  expect(built.queued.filter(({ name }) => name === 'deliver_link').length).toBeGreaterThan(1);
  expect(await run('card', { user: bo })).toMatchObject({
    name: 'Bo',
    username: 'bo.first',
    status: 'active',
  });
});

test('sessions are listed and ended, one or all, of one school only', async () => {
  const other = await buildSchool(built.app.systemDb);
  const stranger = await other.addPerson('student');
  const bo = await add('bo');
  const [phone, tablet] = [await openSession(bo), await openSession(bo)];
  expect(await run('sessions', { user: bo })).toMatchObject([
    { person: 'Bo', userId: bo, authSessionId: tablet, userAgent: 'A phone' },
    { authSessionId: phone },
  ]);
  await run('sign-out', { user: bo, session: phone });
  expect(await run('sessions', { user: bo })).toMatchObject([{ authSessionId: tablet }]);
  await openSession(bo);
  await run('sign-out', { user: bo });
  expect(await run('sessions')).toEqual([]);
  for (const command of ['sign-out', 'suspend', 'card', 'send-link']) {
    await expect(run(command, { user: stranger })).rejects.toThrow('does not exist');
  }
});

test('what is changed from the command line is in the audit log, which says that it was done there', async () => {
  const before = (await built.audited()).length;
  const cy = await add('cy');
  await run('role', { user: cy, group: school.district, role: 'teacher' });
  await run('remove', { user: cy, group: school.school });
  await run('suspend', { user: cy });
  await run('restore', { user: cy });
  await run('username', { user: cy, username: 'Cy.N' });
  await run('password', { user: cy, password: 'eight blue whales' });
  await run('sign-out', { user: cy });
  const person = stored({ tenantId: school.tenantId, userId: cy });
  expect(await built.app.systemDb.userContacts.findBy(person)).toMatchObject({ username: 'cy.n' });
  const entries = (await built.audited()).slice(before);
  expect(entries.map(({ action, actorUserId, details }) => [action, actorUserId, details.by])).toEqual(
    [
      'auth.invite',
      'auth.givePassword',
      'groups.setMember',
      'groups.removeMember',
      'auth.setStatus',
      'auth.setStatus',
      'auth.setUsername',
      'auth.givePassword',
      'auth.endSignIns',
    ].map((action) => [action, null, 'command_line']),
  );
  expect(entries.slice(1).every(({ subjectUserId }) => subjectUserId === cy)).toBe(true);
  expect(JSON.stringify(entries)).not.toMatch(/whales|cy\.n/i);
});

test('the rules of the pages hold: names that are taken, the last administrator, the only group', async () => {
  await add('dee');
  await expect(add('DEE')).rejects.toThrow('This user name is taken.');
  const eve = await add('eve');
  await expect(run('remove', { user: eve, group: school.school })).rejects.toThrow('the only group');
  await expect(run('remove', { user: eve, group: school.district })).rejects.toThrow('is not in this group');
  await run('suspend', { user: eve });
  await expect(run('password', { user: eve, password: 'nine blue whales' })).rejects.toThrow('is suspended');
});

test('people are found by words, place, role and status; the list as CSV is one the import reads', async () => {
  const [ida, max] = [await add('ida.k', 'Ida Krull'), await add('max.k', 'Max Krull')];
  await run('role', { user: max, group: school.district, role: 'teacher' });
  const found = async (filter: Record<string, string>) =>
    ((await run('list', { search: 'krull', ...filter })) as ListedPerson[]).map(({ userId }) => userId);
  expect(await found({})).toEqual([ida, max]);
  expect(await found({ search: 'IDA.K kru' })).toEqual([ida]);
  expect(await found({ group: school.school })).toEqual([ida, max]);
  expect(await found({ role: 'teacher' })).toEqual([max]);
  expect(await found({ group: school.school, role: 'teacher' })).toEqual([]);
  await run('suspend', { user: ida });
  expect(await found({ status: 'suspended' })).toEqual([ida]);
  const csv = String(await run('list', { search: 'krull', format: 'csv' }));
  expect(csv.split('\r\n')).toEqual([
    '\ufeffname,email,username,group,role,status',
    'Ida Krull,,ida.k,School,Pupil,Suspended',
    'Max Krull,,max.k,District,Teacher,Active',
    'Max Krull,,max.k,School,Pupil,Active',
    '',
  ]);
});

test('a file of people is looked at first, with each fault in its line and column; then those who can be are added', async () => {
  await add('taken');
  await writeFile(
    file('people.csv'),
    [
      'name,email,username,group,role',
      'Ann,ann@school.example,,School,teacher',
      'Ben,,ben,School,pupil',
      'Con,,taken,School,pupil',
      'Dan,dan,,School,pupil',
      'Eli,,eli,Nowhere,pupil',
    ].join('\n'),
  );
  const problems = [
    { line: 4, column: 'username', problem: 'Somebody has the user name taken already.' },
    { line: 5, column: 'email', problem: expect.stringContaining('is no e-mail address') },
    { line: 6, column: 'group', problem: expect.stringContaining('no group called “Nowhere”') },
  ];
  const people = () => built.app.systemDb.users.where({ tenantId: storedId(school.tenantId) }).count();
  const before = await people();
  expect(await run('preview', { file: file('people.csv') })).toMatchObject({
    rows: [{ name: 'Ann' }, { name: 'Ben' }],
    problems,
  });
  expect(await people()).toBe(before);

  const done = (await run('import', {
    file: file('people.csv'),
    cards: file('cards.csv'),
  })) as ImportedPeople;
  expect(done).toMatchObject({ added: 2, problems });
  expect(await people()).toBe(before + 2);
  const [ben] = done.withoutAddress;
  const [, line = ''] = (await readFile(file('cards.csv'), 'utf8')).split('\r\n');
  const [name, , username, password = ''] = line.split(',');
  expect([name, username]).toEqual(['Ben', 'ben']);
  expect(ben && (await opens(ben, password))).toBe(true);
  expect((await stat(file('cards.csv'))).mode & 0o777).toBe(0o600);
  // A second time nobody is new, and passwords of a moment ago are not written over.
  await expect(run('import', { file: file('people.csv'), cards: file('cards.csv') })).rejects.toThrow(
    'EEXIST',
  );
  expect(await run('import', { file: file('people.csv') })).toMatchObject({ added: 0 });
  expect(await people()).toBe(before + 2);
});

test('new passwords for several people come on cards, and the old ones open nothing', async () => {
  const [fay, gil] = [await add('fay'), await add('gil')];
  await run('cards', { users: `${fay},${gil}`, file: file('two.csv') });
  const lines = (await readFile(file('two.csv'), 'utf8')).trim().split('\r\n').slice(1);
  expect(lines.map((line) => line.split(',')[2])).toEqual(['fay', 'gil']);
  for (const [at, userId] of [fay, gil].entries()) {
    expect(await opens(userId, 'seven whales')).toBe(false);
    expect(await opens(userId, lines[at]?.split(',')[3] ?? '')).toBe(true);
  }
});

test('of cards that cannot all be made those that are stay written down; where none is made no file is left', async () => {
  const [ivy, jon] = [await add('ivy'), await add('jon')];
  await run('suspend', { user: jon });
  await expect(run('cards', { users: `${ivy},${jon}`, file: file('part.csv') })).rejects.toThrow(
    'is suspended',
  );
  const [, line = ''] = (await readFile(file('part.csv'), 'utf8')).split('\r\n');
  expect(await opens(ivy, line.split(',')[3] ?? '')).toBe(true);
  const stranger = newId('user');
  await expect(run('export', { user: stranger, file: file('none.json') })).rejects.toThrow('does not exist');
  await expect(stat(file('none.json'))).rejects.toThrow('ENOENT');
});

test('a person is exported to a file, and erased only when the name is typed exactly', async () => {
  const hal = await add('hal', 'Hal Oran');
  await run('export', { user: hal, file: file('hal.json') });
  const all = JSON.parse(await readFile(file('hal.json'), 'utf8'));
  expect(all).toMatchObject({
    __type: 'PersonExport',
    userId: hal,
    tables: { users: [{ name: 'Hal Oran' }] },
  });
  await expect(run('erase', { user: hal, name: 'Hal' })).rejects.toThrow('nobody was erased');
  expect(await statusOf(hal)).toBe('active');
  expect(await run('erase', { user: hal, name: 'Hal Oran' })).toMatchObject({
    __type: 'Erasure',
    counts: { users: 1, user_contacts: 1, group_members: 1 },
  });
  const left = await built.app.systemDb.users
    .where(stored({ tenantId: school.tenantId, userId: hal }))
    .includeDeleted()
    .count();
  expect(left).toBe(0);
  const [exported, erased] = (await built.audited()).slice(-2);
  expect(exported).toMatchObject({ action: 'privacy.exportPerson', details: { by: 'command_line' } });
  expect(erased).toMatchObject({ action: 'privacy.erasePerson', details: { by: 'command_line' } });
  expect(JSON.stringify([exported, erased])).not.toContain(hal);
});

test('ways in that were handed out before end with a new password and with a suspension', async () => {
  const { systemDb } = built.app;
  const linksOf = (userId: UserId) =>
    systemDb.signInLinks
      .where({ userId: storedId(userId), usedAt: null, expiresAt: { gt: new Date() } })
      .count();
  const invited = async (name: string) => {
    const flags = { group: school.school, role: 'teacher', name, email: `${name}@school.example` };
    return ((await run('add', flags)) as { userId: UserId }).userId;
  };
  const [kay, lou] = [await invited('kay'), await invited('lou')];
  await expect(run('restore', { user: kay })).rejects.toThrow('has yet to use the invitation');
  expect([await linksOf(kay), await linksOf(lou)]).toEqual([1, 1]);
  await run('password', { user: kay, password: 'ten blue whales' });
  expect([await statusOf(kay), await linksOf(kay)]).toEqual(['active', 0]);
  await run('send-link', { user: kay });
  await run('password', { user: kay, password: 'eleven whales' });
  expect(await linksOf(kay)).toBe(0);
  await run('suspend', { user: lou });
  await run('restore', { user: lou });
  expect(await linksOf(lou)).toBe(0);
});

test('the last administrator stays one, a role that is given is announced, and a name in other letters is one’s own', async () => {
  const mo = await add('mo.n');
  const role = (name: string) => run('role', { user: mo, group: school.district, role: name });
  await role('group_admin');
  expect(built.published.at(-1)).toMatchObject({ payload: { userId: mo } });
  await expect(role('teacher')).rejects.toThrow('Nobody would be left');
  const ids = stored({ tenantId: school.tenantId, userId: mo });
  await built.app.systemDb.userContacts.findBy(ids).update({ username: 'Mo.N' });
  await run('username', { user: mo, username: 'mo.n' });
  expect(await built.app.systemDb.userContacts.findBy(ids).get('username')).toBe('mo.n');
});

test('a flag of another command, or one that is missing, is told of before anything is opened', async () => {
  const { suspend } = peopleProgram.commands;
  const typed = { tenantId: school.tenantId, name: 'x', email: 'y', session: newId('authsession') };
  expect(suspend?.read(typed)).toEqual({
    wrong: [
      '--name does not belong to this command.',
      '--email does not belong to this command.',
      '--session does not belong to this command.',
      '--user is missing.',
    ],
  });
});
