import { call } from '@orpc/server';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stored, storedId } from '../../db/stored_id';
import { createSmtpMailer, type Mailer } from '../../lib/mailer';
import { userAppRouter } from '../../routers/user_app.router';
import { buildApp, buildSchool } from '../../test/build_app';
import { startMailServer } from '../../test/mail_server';
import { deliverLinkTask, requestResetTask } from './auth.event';
import { createUser } from './services/create_user.service';
import { deliverLink } from './services/deliver_link.service';
import { requestReset } from './services/request_reset.service';
import { sweepLinks } from './services/sweep_links.service';

type Built = Awaited<ReturnType<typeof buildApp>>;
let built: Built;
let school: Awaited<ReturnType<typeof buildSchool>>;
let mailServer: Awaited<ReturnType<typeof startMailServer>>;
let mailer: Mailer;
let admin: UserId;
let teacher: UserId;

beforeAll(async () => {
  built = await buildApp();
  school = await buildSchool(built.app.systemDb);
  admin = await school.addPerson('group_admin');
  teacher = await school.addPerson('teacher');
  mailServer = await startMailServer();
  mailer = createSmtpMailer({ url: mailServer.url, from: 'Alder Row <classroom@alder.example>' });
});
afterAll(async () => {
  mailer.close();
  await mailServer.stop();
  await built.close();
});
beforeEach(() => {
  mailServer.mails.length = 0;
  mailServer.refuse(0);
  built.queued.length = 0;
});

const auth = userAppRouter.auth;
const anybody = () => ({ context: { app: built.app, headers: {} } });
const as = (userId: UserId) => ({ context: built.as(userId, school.tenantId) });
const refused = (code: string) => expect.objectContaining({ code });

async function invite(more: Parameters<typeof inviteInput>[0] = {}, by = admin) {
  const input = inviteInput(more);
  const { userId } = await call(auth.invite, input, as(by));
  const { signInLinkId } = await built.app.systemDb.signInLinks.where({ userId: storedId(userId) }).take();
  return { ...input, userId, signInLinkId };
}
function inviteInput(more: { email?: string; role?: 'teacher' | 'system_admin'; groupId?: RichId<'group'> }) {
  return {
    name: 'Nia Obi',
    email: `${newId('user').slice(-12).toLowerCase()}@alder.example`,
    groupId: school.school,
    role: 'teacher' as const,
    ...more,
  };
}

/** Does what waits in the queue, as the worker would. */
async function work(sender: Mailer | null = mailer): Promise<void> {
  const { systemDb, linkTokens, origin, enqueue } = built.app;
  for (let task = built.queued.shift(); task; task = built.queued.shift()) {
    const reset = requestResetTask.input.safeParse(task.input);
    if (task.name === 'request_reset' && reset.success) await requestReset(systemDb, enqueue, reset.data);
    const link = deliverLinkTask.input.safeParse(task.input);
    if (task.name === 'deliver_link' && link.success) {
      await deliverLink({ db: systemDb, tokens: linkTokens, mailer: sender, origin }, link.data);
    }
  }
}

/** The token in the last mail. */
function mailedToken(): string {
  const raw = mailServer.mails.at(-1)?.raw.replaceAll(/=\r?\n/g, '') ?? '';
  return /\/link#([\w.-]+)/.exec(raw)?.[1] ?? '';
}

const statusOf = async (userId: UserId) =>
  (await built.app.systemDb.users.findBy(stored({ tenantId: school.tenantId, userId }))).status;

test('an invitation makes a person who waits, and its mail lets exactly one password be chosen', async () => {
  const { userId, email } = await invite();
  expect(await statusOf(userId)).toBe('pending_verification');
  await work();
  expect(mailServer.mails).toHaveLength(1);
  expect(mailServer.mails[0]?.to).toEqual([email]);
  const token = mailedToken();
  expect(await call(auth.readLink, { token }, anybody())).toMatchObject({
    state: 'open',
    purpose: 'invitation',
    name: 'Nia Obi',
    email,
  });
  await expect(call(auth.redeemLink, { token }, anybody())).rejects.toEqual(refused('BAD_REQUEST'));
  const both = await Promise.allSettled(
    ['first password', 'second password'].map((password) =>
      call(auth.redeemLink, { token, password }, anybody()),
    ),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await statusOf(userId)).toBe('active');
  expect(await built.app.systemDb.authUsers.find(storedId(userId))).toMatchObject({
    email,
    emailVerified: true,
    tenantId: school.tenantId,
  });
  expect(await built.app.systemDb.authAccounts.where({ userId: storedId(userId) }).count()).toBe(1);
  await expect(call(auth.redeemLink, { token, password: 'third password' }, anybody())).rejects.toThrow(
    'used already',
  );
  expect(await call(auth.readLink, { token }, anybody())).toMatchObject({ state: 'used', email: null });
});

test('the database holds nothing of a token, and one that was made up is not looked up', async () => {
  await invite();
  await work();
  const token = mailedToken();
  const [, code = ''] = token.split('.');
  const rows = JSON.stringify(await built.app.systemDb.signInLinks);
  expect(code).toHaveLength(43);
  expect(rows).not.toContain(code);
  for (const wrong of [`${token}x`, token.slice(0, -3), `${token.split('.')[0]}.${'A'.repeat(43)}`]) {
    expect(await call(auth.readLink, { token: wrong }, anybody())).toMatchObject({ state: 'unknown' });
    await expect(call(auth.redeemLink, { token: wrong, password: 'a password' }, anybody())).rejects.toEqual(
      refused('NOT_FOUND'),
    );
  }
});

test('an invitation that is sent again puts an end to the one before', async () => {
  const { userId } = await invite();
  await work();
  const first = mailedToken();
  await call(auth.sendLink, { userId }, as(admin));
  await work();
  const second = mailedToken();
  expect(second).not.toBe(first);
  expect(await call(auth.readLink, { token: first }, anybody())).toMatchObject({ state: 'expired' });
  await call(auth.redeemLink, { token: second, password: 'a good password' }, anybody());
  expect(await statusOf(userId)).toBe('active');
});

test('a mail that could not be sent is tried again, one that was sent is not, and why is kept', async () => {
  const { signInLinkId } = await invite();
  const task = built.queued[0];
  mailServer.refuse(1);
  await expect(work()).rejects.toThrow('busy');
  const row = () =>
    built.app.systemDb.signInLinks.findBy(stored({ tenantId: school.tenantId, signInLinkId }));
  expect(await row()).toMatchObject({ delivery: 'waiting', problem: expect.stringContaining('busy') });
  if (task) built.queued.push(task, task);
  await work();
  expect(mailServer.mails).toHaveLength(1);
  expect(mailServer.mails[0]?.raw).toContain(`Message-ID: <${signInLinkId}@alder.example>`);
  expect(await row()).toMatchObject({ delivery: 'sent', problem: null });
});

test('without a mail server an administrator is shown the link to hand over, and nobody else is', async () => {
  const { userId, signInLinkId } = await invite();
  await work(null);
  const list = async (by: UserId) => (await call(auth.listLinks, { limit: 20 }, as(by))).items;
  const shown = (await list(admin)).find((item) => item.signInLinkId === signInLinkId);
  expect(shown).toMatchObject({ userId, person: 'Nia Obi', delivery: 'kept', state: 'open' });
  const token = shown?.link?.split('#')[1] ?? '';
  await call(auth.redeemLink, { token, password: 'a good password' }, anybody());
  // The link was handed over, so nobody has shown that the address is theirs.
  expect(await built.app.systemDb.authUsers.find(storedId(userId)).get('emailVerified')).toBe(false);
  expect((await list(admin)).find((item) => item.signInLinkId === signInLinkId)).toMatchObject({
    state: 'used',
    link: null,
  });
  expect(await list(teacher)).toEqual([]);
});

test('pages of the list meet without a gap and without a row twice', async () => {
  for (let at = 0; at < 5; at++) await invite();
  const whole = (await call(auth.listLinks, { limit: 100 }, as(admin))).items;
  const paged: typeof whole = [];
  let next: string | null = null;
  do {
    const page: { items: typeof whole; cursor: string | null } = await call(
      auth.listLinks,
      next === null ? { limit: 2 } : { cursor: next },
      as(admin),
    );
    paged.push(...page.items);
    next = page.cursor;
  } while (next !== null);
  expect(paged.map((item) => item.signInLinkId)).toEqual(whole.map((item) => item.signInLinkId));
  expect(whole.length).toBeGreaterThanOrEqual(5);
});

test('nobody gets at the sign-in of somebody with rights above their own', async () => {
  const systemAdmin = await school.addPerson('group_admin');
  const own = stored({ tenantId: school.tenantId, userId: systemAdmin });
  await built.app.systemDb.groupMembers.where(own).update({ role: 'system_admin' });
  const schoolAdmin = await school.addPerson('group_admin', school.school);
  // A district administrator who also teaches in the school is above the school's own.
  const membership = {
    groupMemberId: newId('groupmember'),
    groupId: school.school,
    role: 'teacher' as const,
  };
  await built.app.systemDb.groupMembers.create({ ...membership, tenantId: school.tenantId, userId: admin });
  for (const [by, userId] of [
    [schoolAdmin, admin],
    [admin, systemAdmin],
    [admin, admin],
  ] as const) {
    for (const attempt of [
      () => call(auth.sendLink, { userId }, as(by)),
      () => call(auth.givePassword, { userId, password: 'a good password' }, as(by)),
      () => call(auth.setStatus, { userId, status: 'suspended' as const }, as(by)),
    ]) {
      await expect(attempt()).rejects.toEqual(refused('NOT_FOUND'));
    }
  }
  await expect(invite({ role: 'system_admin', groupId: school.district })).rejects.toEqual(
    refused('FORBIDDEN'),
  );
  await expect(invite({ groupId: school.district }, schoolAdmin)).rejects.toEqual(refused('NOT_FOUND'));
  await call(auth.sendLink, { userId: admin }, as(systemAdmin));
  await work(null);
  const { signInLinkId } = await built.app.systemDb.signInLinks.where({ userId: storedId(admin) }).take();
  const seen = async (by: UserId) =>
    (await call(auth.listLinks, { limit: 100 }, as(by))).items.map((item) => item.signInLinkId);
  expect(await seen(systemAdmin)).toContain(signInLinkId);
  expect(await seen(schoolAdmin)).not.toContain(signInLinkId);
});

test('an address that is taken in the school is refused, and nothing of the person stays', async () => {
  const { email } = await invite();
  const people = await built.app.systemDb.users.count();
  await expect(invite({ email })).rejects.toEqual(refused('CONFLICT'));
  expect(await built.app.systemDb.users.count()).toBe(people);
  expect(built.queued).toHaveLength(1);
});

describe('somebody without an address', () => {
  const named = (username: string, more: object = {}) =>
    call(
      auth.invite,
      { name: 'Bo Nwosu', username, groupId: school.school, role: 'student' as const, ...more },
      as(admin),
    );
  const contactOf = (userId: UserId) =>
    built.app.systemDb.userContacts.findBy(stored({ tenantId: school.tenantId, userId }));

  test('is added with a user name, and the link is kept for whoever hands it over', async () => {
    const { userId } = await named(' Bo.N7 ');
    expect(await contactOf(userId)).toMatchObject({ email: null, username: 'bo.n7' });
    await work();
    expect(mailServer.mails).toEqual([]);
    const { items } = await call(auth.listLinks, { limit: 100 }, as(admin));
    const kept = items.find((item) => item.userId === userId);
    expect(kept).toMatchObject({ delivery: 'kept', state: 'open', email: null });
    const token = kept?.link?.split('#')[1] ?? '';
    expect(await call(auth.readLink, { token }, anybody())).toMatchObject({ username: 'bo.n7', email: null });
    await call(auth.redeemLink, { token, password: 'chosen by Bo' }, anybody());
    expect(await statusOf(userId)).toBe('active');
    expect(await built.app.systemDb.authUsers.find(storedId(userId))).toMatchObject({ emailVerified: false });
  });

  test('who is given a first password needs the link no more, and nobody can use it', async () => {
    const { userId } = await named('cy');
    await work();
    const { items } = await call(auth.listLinks, { limit: 100 }, as(admin));
    const token = items.find((item) => item.userId === userId)?.link?.split('#')[1] ?? '';
    await call(auth.givePassword, { userId, password: 'seven blue whales' }, as(admin));
    expect(await statusOf(userId)).toBe('active');
    await expect(call(auth.redeemLink, { token, password: 'of who found it' }, anybody())).rejects.toEqual(
      refused('NOT_FOUND'),
    );
    expect(await call(auth.showSignIn, { userId }, as(admin))).toMatchObject({ username: 'cy', email: null });
  });

  test('has a name nobody else of the school has, in capitals or without', async () => {
    const { userId } = await named('dee');
    // As a roster writes them.
    const fromRoster = await school.addPerson('student');
    const person = stored({ tenantId: school.tenantId, userId: fromRoster });
    await built.app.systemDb.userContacts.findBy(person).update({ username: 'Dee.Roster' });
    for (const taken of ['DEE', 'dee.roster']) {
      await expect(named(taken)).rejects.toEqual(refused('CONFLICT'));
      await expect(
        call(auth.setUsername, { userId: fromRoster, username: 'dee' }, as(admin)),
      ).rejects.toEqual(refused('CONFLICT'));
    }
    await call(auth.setUsername, { userId: fromRoster, username: 'DEE.roster' }, as(admin));
    await call(auth.setUsername, { userId, username: 'dee2' }, as(admin));
    expect([(await contactOf(userId)).username, (await contactOf(fromRoster)).username]).toEqual([
      'dee2',
      'dee.roster',
    ]);
    const bare = await school.addPerson('student');
    await call(auth.setUsername, { userId: bare, username: 'dee' }, as(admin));
    expect(await contactOf(bare)).toMatchObject({ username: 'dee' });
    await expect(call(auth.setUsername, { userId: bare, username: 'mine' }, as(teacher))).rejects.toEqual(
      refused('NOT_FOUND'),
    );
  });

  test('needs a name to sign in by, and one that cannot be taken for an address', async () => {
    const group = { groupId: school.school, role: 'student' as const };
    await expect(call(auth.invite, { name: 'Nobody', ...group }, as(admin))).rejects.toEqual(
      refused('BAD_REQUEST'),
    );
    for (const wrong of ['a', 'two words', 'x@school.example', 'x'.repeat(61)]) {
      await expect(named(wrong)).rejects.toEqual(refused('BAD_REQUEST'));
    }
  });
});

test('a teacher gives a pupil of the class a password, and nobody else one', async () => {
  const [pupil, stranger] = [await school.addPerson('student'), await school.addPerson('student')];
  await school.addClass(teacher, [pupil]);
  const person = stored({ tenantId: school.tenantId, userId: pupil });
  await built.app.systemDb.users.findBy(person).update({ status: 'pending_verification' });
  const password = 'seven blue whales';
  await call(auth.givePassword, { userId: pupil, password }, as(teacher));
  expect(await statusOf(pupil)).toBe('active');
  expect(await built.app.systemDb.authAccounts.where({ userId: storedId(pupil) }).count()).toBe(1);
  expect(await call(auth.showSignIn, { userId: pupil }, as(teacher))).toMatchObject({
    __type: 'SignInCard',
    status: 'active',
    username: null,
    schoolCode: null,
  });
  await expect(call(auth.showSignIn, { userId: stranger }, as(teacher))).rejects.toEqual(
    refused('NOT_FOUND'),
  );
  const helper = await school.addPerson('teacher');
  await school.addClass(teacher, [helper]);
  for (const userId of [stranger, helper, admin, teacher]) {
    const given = call(auth.givePassword, { userId, password }, as(teacher));
    await expect(given).rejects.toEqual(refused('NOT_FOUND'));
  }
});

test('a forgotten password: the answer is the same for every address, and only its owner gets a mail', async () => {
  const { userId, email, signInLinkId } = await invite();
  await work();
  const invitation = mailedToken();
  await call(auth.redeemLink, { token: invitation, password: 'the first one' }, anybody());
  mailServer.mails.length = 0;
  for (const asked of [email, ` ${email.toUpperCase()} `, 'nobody@alder.example']) {
    expect(await call(auth.requestReset, { email: asked }, anybody())).toEqual({ __type: 'Done' });
  }
  // Before the worker looks, what waits is alike for addresses somebody has and nobody has.
  expect(built.queued.map((task) => Object.keys(task.input ?? {}).sort())).toEqual(
    Array.from({ length: 3 }, () => ['email', 'signInLinkId']),
  );
  await work();
  // Asked twice before the first mail has gone: only the later link is worth sending.
  expect(mailServer.mails.map((mail) => mail.to)).toEqual([[email]]);
  const token = mailedToken();
  expect(await call(auth.readLink, { token }, anybody())).toMatchObject({ purpose: 'reset' });
  await call(auth.redeemLink, { token, password: 'the second one' }, anybody());
  expect(signInLinkId).not.toBe(token);
  expect(await statusOf(userId)).toBe('active');
});

test('a repeated reset task sends one mail; somebody who waits is invited again, somebody suspended gets nothing', async () => {
  const waiting = await invite();
  await work();
  mailServer.mails.length = 0;
  const { systemDb, enqueue } = built.app;
  const asked = { email: waiting.email, signInLinkId: newId('signinlink') };
  await requestReset(systemDb, enqueue, asked);
  await requestReset(systemDb, enqueue, asked);
  await work();
  expect(mailServer.mails).toHaveLength(1);
  expect(await call(auth.readLink, { token: mailedToken() }, anybody())).toMatchObject({
    purpose: 'invitation',
  });
  await call(auth.setStatus, { userId: waiting.userId, status: 'suspended' }, as(admin));
  expect(await call(auth.readLink, { token: mailedToken() }, anybody())).toMatchObject({ state: 'expired' });
  await requestReset(systemDb, enqueue, { ...asked, signInLinkId: newId('signinlink') });
  expect(built.queued).toEqual([]);
});

test('whoever came in while they were being suspended is out when they are let in again', async () => {
  const { systemDb } = built.app;
  const userId = await school.addPerson('teacher');
  const name = { name: 'Somebody', email: `${userId.toLowerCase()}@school.example` };
  await systemDb.authUsers.create({ id: userId, tenantId: school.tenantId, ...name, emailVerified: true });
  const set = (status: 'active' | 'suspended') => call(auth.setStatus, { userId, status }, as(admin));
  await set('suspended');
  // A sign-in that read the status before the suspension was committed, and made its session after.
  const session = {
    id: newId('authsession'),
    userId,
    token: newId('authsession'),
    deviceContext: 'personal' as const,
  };
  await systemDb.authSessions.create({ ...session, expiresAt: Date.now() + 1e6 });
  await set('active');
  expect(await systemDb.authSessions.where({ userId: storedId(userId) }).count()).toBe(0);
});

test('a new address counts when its mail has been answered, and a link to the old one opens nothing then', async () => {
  const { userId, email } = await invite();
  await work();
  await call(auth.redeemLink, { token: mailedToken(), password: 'a good password' }, anybody());
  await call(auth.requestReset, { email }, anybody());
  await work();
  const reset = mailedToken();
  const next = `new.${email}`;
  await call(auth.changeEmail, { email: next }, as(userId));
  await work();
  const contact = () =>
    built.app.systemDb.userContacts.findBy(stored({ tenantId: school.tenantId, userId })).get('email');
  expect(await contact()).toBe(email);
  await call(auth.redeemLink, { token: mailedToken() }, anybody());
  expect(await contact()).toBe(next);
  expect(await built.app.systemDb.authUsers.find(storedId(userId))).toMatchObject({
    email: next,
    emailVerified: true,
  });
  await expect(call(auth.redeemLink, { token: reset, password: 'taken over' }, anybody())).rejects.toEqual(
    refused('NOT_FOUND'),
  );
});

test('an address that somebody else has by now is not given twice, and the link stays for another try', async () => {
  const { email } = await invite();
  const userId = await createUser(built.app.systemDb, {
    tenantId: school.tenantId,
    name: 'Twin',
    email: 'twin@alder.example',
    status: 'active',
  });
  built.queued.length = 0;
  await call(auth.changeEmail, { email }, as(userId));
  await work();
  const token = mailedToken();
  await expect(call(auth.redeemLink, { token }, anybody())).rejects.toEqual(refused('CONFLICT'));
  expect(await call(auth.readLink, { token }, anybody())).toMatchObject({ state: 'open' });
});

test('names of schools and people cannot add a line to the head of a mail', async () => {
  const { systemDb } = built.app;
  const hostile = 'Evil\r\nBcc: everybody@alder.example';
  await systemDb.tenants.find(storedId(school.tenantId)).update({ name: hostile });
  await invite();
  await work();
  const head = mailServer.mails[0]?.raw.split('\r\n\r\n')[0] ?? '';
  expect(head.replaceAll(/\r\n /g, ' ')).toContain('Evil Bcc: everybody@alder.example');
  expect(head).not.toMatch(/^bcc:/im);
  expect(mailServer.mails[0]?.to).toHaveLength(1);
});

test('links are forgotten a month after they have ended', async () => {
  const { signInLinkId } = await invite();
  const { systemDb } = built.app;
  const row = systemDb.signInLinks.where(stored({ tenantId: school.tenantId, signInLinkId }));
  await sweepLinks(systemDb);
  expect(await row.exists()).toBe(true);
  await row.update({ expiresAt: Date.now() - 31 * 86_400_000 });
  await sweepLinks(systemDb);
  expect(await row.exists()).toBe(false);
});
