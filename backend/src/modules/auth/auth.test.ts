import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { usernameInput } from '@raptscallions/zod-schemas/auth.zod';
import { errorTable } from '@raptscallions/zod-schemas/error.zod';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import type { UserId } from '@raptscallions/zod-schemas/user.zod';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigZod } from '../../configs/config';
import { createSystemPool } from '../../db/create_system_pool';
import { connectDb, type Db } from '../../db/db';
import { storedId } from '../../db/stored_id';
import { toAppError } from '../../lib/app_error';
import { createLogger } from '../../lib/logger';
import { createTestDatabase } from '../../test/database';
import { SignInLimits } from '../limits/sign_in_limits';
import { type Auth, createAuth } from './auth';
import { handleAuth } from './handle_auth';
import { createSessionFinder, readSessionEnds, resolveSession } from './resolve_session';
import { createUser, placeholderEmail } from './services/create_user.service';
import { endSessions } from './services/end_sessions.service';
import { setPassword } from './services/set_password.service';

const argon = vi.hoisted(() => ({ computed: [] as string[] }));
vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>();
  return {
    ...real,
    hash: (...args: Parameters<typeof real.hash>) => {
      argon.computed.push('hash');
      return real.hash(...args);
    },
    verify: (...args: Parameters<typeof real.verify>) => {
      argon.computed.push('verify');
      return real.verify(...args);
    },
  };
});

const minute = 60_000;
const day = 24 * 60 * minute;
const password = 'correct horse battery';
const email = 'mara.lind@alder.example';
const personal = { 'x-device-context': 'personal' };
const tenantId = newId('tenant');

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let db: Db;
let auth: Auth;
let limitPool: ReturnType<typeof createSystemPool>;
let limits: SignInLimits;
let trustedProxies = 0;
let server: Server;
let origin: string;
let mara: UserId;

beforeAll(async () => {
  database = await createTestDatabase();
  db = connectDb(database.url, 'system', 5);
  auth = authWith({});
  limitPool = createSystemPool(database.url, 'test-limits', 4);
  limits = new SignInLimits(limitPool, 1_000);
  server = createServer((req, res) => {
    handleAuth(auth, { limits, trustedProxies }, req, res).catch((thrown: unknown) => {
      const { code, message, details } = toAppError(thrown);
      res.writeHead(errorTable[code].status, { 'content-type': 'application/json' });
      res.end(JSON.stringify({ error: message, code, details }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await db.tenants.insert({ tenantId, name: 'Alder Row' });
  mara = await createUser(db, { tenantId, name: 'Mara Lind', email, password, status: 'active' });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await limitPool.end();
  await db.$close();
  await database.drop();
});
beforeEach(async () => {
  argon.computed = [];
  await db.users.where({ userId: storedId(mara) }).update({ status: 'active' });
});

function authWith(environment: Record<string, string>): Auth {
  const config = ConfigZod.parse({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    BETTER_AUTH_SECRET: 'x',
    ...environment,
  });
  return createAuth({ db, config, secret: 's'.repeat(40), logger: createLogger('silent') });
}

function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${origin}/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function signIn(more: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  const response = await post('/sign-in/email', { email, password, ...more }, headers);
  const setCookie = response.headers.getSetCookie().find((text) => text.startsWith('rapt_session='));
  const cookie = setCookie?.split(';', 1)[0] ?? '';
  return { response, setCookie: setCookie ?? '', cookie };
}

/** A signed-in session whose times and device are as given. */
async function sessionWith(changes: {
  createdAt?: number;
  updatedAt?: number;
  expiresAt?: number;
  deviceContext?: 'personal' | 'shared' | 'unknown';
}) {
  const { cookie } = await signIn({}, personal);
  const session = await resolveSession(auth, { cookie });
  if (!session) throw new Error('not signed in');
  const id = storedId(session.authSessionId);
  await db.authSessions.where({ id }).update({ updatedAt: session.signedInAt, ...changes });
  return { cookie, id, authSessionId: session.authSessionId };
}

test('the right password signs in, and the cookie says who is there', async () => {
  const before = Date.now();
  const { response, cookie } = await signIn({}, personal);
  expect(response.status).toBe(200);
  const session = await resolveSession(auth, { cookie });
  expect(session).toMatchObject({
    userId: mara,
    tenantId,
    authSessionId: expect.stringMatching(/^authsession-/),
    name: 'Mara Lind',
    deviceContext: 'personal',
    signedInAt: expect.any(Number),
    expiresAt: expect.any(Number),
  });
  expect(session?.expiresAt).toBeGreaterThan(before + 30 * day - minute);
  expect(session?.expiresAt).toBeLessThanOrEqual(Date.now() + 30 * day);
});

test('the e-mail may be written in capitals', async () => {
  expect((await signIn({ email: 'Mara.Lind@ALDER.example' })).response.status).toBe(200);
});

test('the cookie is out of reach of scripts and of other sites, and lives 30 days', async () => {
  const { setCookie } = await signIn();
  expect(setCookie).toMatch(/^rapt_session=/);
  expect(setCookie).toContain('; Max-Age=2592000');
  expect(setCookie).toContain('; Path=/');
  expect(setCookie).toContain('; HttpOnly');
  expect(setCookie).toContain('; SameSite=Lax');
  expect(setCookie).not.toContain('Secure');
  expect(setCookie).not.toContain('Domain');
});

test.each([
  [{ PUBLIC_URL: 'https://school.example' }],
  [{ NODE_ENV: 'production', PUBLIC_URL: 'https://school.example' }],
  [{ NODE_ENV: 'production' }],
])('the cookie is for https only with %j, under the same name', async (environment) => {
  const plain = auth;
  auth = authWith(environment);
  try {
    const { setCookie } = await signIn();
    expect(setCookie).toMatch(/^rapt_session=.*; Secure/);
  } finally {
    auth = plain;
  }
});

test('"do not remember me" ends with the browser, after a day at the latest, and is not extended', async () => {
  const { setCookie, cookie } = await signIn({ rememberMe: false }, personal);
  expect(setCookie).not.toContain('Max-Age');
  const renewed = vi.fn();
  const session = await resolveSession(auth, { cookie }, renewed);
  expect(session?.expiresAt).toBeLessThanOrEqual(Date.now() + day);
  expect(renewed).not.toHaveBeenCalled();
});

test('a wrong password, an unknown e-mail and a person without a password get the same answer for the same work', async () => {
  const unfinished = await createUser(db, { tenantId, name: 'No Password', email: 'new@alder.example' });
  expect(unfinished).toMatch(/^user-/);
  const answers = [];
  for (const wrong of [
    { password: 'wrong horse battery' },
    { email: 'nobody@alder.example' },
    { email: 'new@alder.example' },
  ]) {
    argon.computed = [];
    const { response, setCookie } = await signIn(wrong);
    answers.push({ status: response.status, body: await response.json(), setCookie });
    expect(argon.computed).toHaveLength(1);
  }
  expect(answers[0]).toEqual({
    status: 401,
    body: {
      error: 'Invalid email or password',
      code: 'UNAUTHORIZED',
      details: { reason: 'INVALID_EMAIL_OR_PASSWORD' },
    },
    setCookie: '',
  });
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test.each(['pending_verification', 'deleted'] as const)(
  'somebody who is %s is refused in the words for a wrong password',
  async (state) => {
    const address = `${state}@alder.example`;
    const userId = await createUser(db, { tenantId, name: 'Ulf', email: address, password });
    if (state === 'deleted') {
      const person = db.users.where({ userId: storedId(userId) });
      await person.update({ status: 'active', deletedAt: Date.now() });
    }
    const { response, setCookie } = await signIn({ email: address });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ details: { reason: 'INVALID_EMAIL_OR_PASSWORD' } });
    expect(setCookie).toBe('');
    expect(await db.authSessions.where({ userId: storedId(userId) }).count()).toBe(0);
  },
);

test('only who gives the right password learns that the account is suspended', async () => {
  await db.users.where({ userId: storedId(mara) }).update({ status: 'suspended' });
  const right = await signIn();
  expect(right.response.status).toBe(403);
  expect(await right.response.json()).toMatchObject({ details: { reason: 'ACCOUNT_SUSPENDED' } });
  expect(right.setCookie).toBe('');
  const wrong = await signIn({ password: 'wrong horse battery' });
  expect(await wrong.response.json()).toMatchObject({ details: { reason: 'INVALID_EMAIL_OR_PASSWORD' } });
});

test('many sessions are found at once, each by its own cookie, and their use is kept', async () => {
  const find = createSessionFinder(auth);
  const [one, two, over] = [
    await sessionWith({ updatedAt: Date.now() - 10 * 60_000 }),
    await sessionWith({}),
    await sessionWith({ expiresAt: Date.now() - 1 }),
  ];
  const cookies = [one.cookie, two.cookie, over.cookie, 'rapt_session=made.up', undefined];
  const found = await Promise.all(cookies.map((cookie) => find({ cookie })));
  expect(found.map((session) => session?.authSessionId)).toEqual([
    one.authSessionId,
    two.authSessionId,
    undefined,
    undefined,
    undefined,
  ]);
  const kept = await db.authSessions.find(storedId(one.authSessionId));
  expect(kept.updatedAt).toBeGreaterThan(Date.now() - 60_000);
});

test('a suspension counts in sessions that stand already', async () => {
  const { cookie, authSessionId } = await sessionWith({});
  expect((await readSessionEnds(db, [authSessionId])).get(authSessionId)).toBeGreaterThan(Date.now());
  await db.users.where({ userId: storedId(mara) }).update({ status: 'suspended' });
  expect(await resolveSession(auth, { cookie })).toBeNull();
  expect((await readSessionEnds(db, [authSessionId])).size).toBe(0);
});

test('signing out ends the session on the server, not only the cookie', async () => {
  const { cookie } = await signIn();
  const response = await post('/sign-out', {}, { cookie });
  expect(response.status).toBe(200);
  expect(response.headers.getSetCookie().join()).toMatch(/rapt_session=; Max-Age=0/);
  expect(await resolveSession(auth, { cookie })).toBeNull();
});

test('endSessions ends all sessions of a person and of nobody else, save the one that is kept', async () => {
  const mine = await sessionWith({});
  const other = await sessionWith({});
  const address = 'ida@alder.example';
  const ida = await createUser(db, { tenantId, name: 'Ida', email: address, password, status: 'active' });
  const hers = await signIn({ email: address });
  const ended = await endSessions(db, { userId: mara, keepAuthSessionId: mine.authSessionId });
  expect(ended).toContain(other.authSessionId);
  expect(ended).not.toContain(mine.authSessionId);
  expect(await resolveSession(auth, { cookie: other.cookie })).toBeNull();
  expect(await resolveSession(auth, { cookie: mine.cookie })).not.toBeNull();
  expect(await resolveSession(auth, { cookie: hers.cookie })).toMatchObject({ userId: ida });
  await endSessions(db, { userId: mara });
  expect(await resolveSession(auth, { cookie: mine.cookie })).toBeNull();
});

test('a session in use is extended, and its cookie with it, when under half of it is left', async () => {
  const now = Date.now();
  const { cookie } = await sessionWith({ createdAt: now - 16 * day, expiresAt: now + 14 * day });
  const renewed = vi.fn();
  const session = await resolveSession(auth, { cookie }, renewed);
  expect(session?.expiresAt).toBeGreaterThan(now + 30 * day - minute);
  expect(renewed).toHaveBeenCalledExactlyOnceWith(
    expect.stringMatching(`^${cookie}; Max-Age=(2592000|2591999); Path=/; HttpOnly; SameSite=Lax$`),
  );
  expect((await resolveSession(auth, { cookie }))?.expiresAt).toBe(session?.expiresAt);
});

test('a session is not extended while more than half of it is left, nor where the cookie could not follow', async () => {
  const now = Date.now();
  const fresh = await sessionWith({ createdAt: now - 14 * day, expiresAt: now + 16 * day });
  const renewed = vi.fn();
  expect((await resolveSession(auth, { cookie: fresh.cookie }, renewed))?.expiresAt).toBe(now + 16 * day);
  expect(renewed).not.toHaveBeenCalled();
  const old = await sessionWith({ createdAt: now - 16 * day, expiresAt: now + 14 * day });
  expect((await resolveSession(auth, { cookie: old.cookie }))?.expiresAt).toBe(now + 14 * day);
});

test('however much it is used, a session ends 90 days after the sign-in', async () => {
  const now = Date.now();
  const late = await sessionWith({ createdAt: now - 85 * day, expiresAt: now + 3 * day });
  const renewed = vi.fn();
  expect((await resolveSession(auth, { cookie: late.cookie }, renewed))?.expiresAt).toBe(now + 5 * day);
  expect(renewed.mock.calls[0]?.[0]).toMatch(/Max-Age=43\d{4};/);
  const over = await sessionWith({ createdAt: now - 90 * day - 1, expiresAt: now + 20 * day });
  expect(await resolveSession(auth, { cookie: over.cookie }, renewed)).toBeNull();
});

test.each([
  [{ 'x-device-context': 'personal' }, 'personal'],
  [{ 'x-device-context': 'shared' }, 'shared'],
  [{}, 'unknown'],
  [{ 'x-device-context': 'mine' }, 'unknown'],
])('a sign-in with %j is made on a device that is %s', async (headers, expected) => {
  const { cookie, response } = await signIn({}, headers);
  expect(response.status).toBe(200);
  expect((await resolveSession(auth, { cookie }))?.deviceContext).toBe(expected);
});

test.each([
  ['shared', true],
  ['unknown', true],
  ['personal', false],
] as const)(
  'on a device that is %s twenty minutes without use end a session: %s',
  async (deviceContext, ends) => {
    const now = Date.now();
    const times = { createdAt: now - day, deviceContext };
    const used = await sessionWith({ ...times, updatedAt: now - 19 * minute });
    expect(await resolveSession(auth, { cookie: used.cookie })).not.toBeNull();
    const left = await sessionWith({ ...times, updatedAt: now - 21 * minute });
    expect((await resolveSession(auth, { cookie: left.cookie })) === null).toBe(ends);
  },
);

test('the last use is kept, and written once a minute at the most', async () => {
  const { cookie, id } = await sessionWith({ updatedAt: Date.now() - 2 * minute });
  const lastUse = () => db.authSessions.findBy({ id }).get('updatedAt');
  await resolveSession(auth, { cookie });
  const first = await lastUse();
  expect(first).toBeGreaterThan(Date.now() - minute);
  await resolveSession(auth, { cookie });
  expect(await lastUse()).toBe(first);
});

test('a cookie that is absent, forged, cut, foreign or over stands for nobody', async () => {
  const { cookie } = await signIn();
  const value = cookie.slice('rapt_session='.length);
  const [token = '', signature = ''] = decodeURIComponent(value).split('.');
  const nobody = [
    undefined,
    '',
    'rapt_session=',
    'rapt_session=%E0%A4%A',
    `rapt_session=${token}`,
    `rapt_session=${token}.`,
    `rapt_session=${encodeURIComponent(`${token}x.${signature}`)}`,
    `rapt_session=${encodeURIComponent(`${token}.${'A'.repeat(43)}=`)}`,
    `xrapt_session=${value}`,
    `better-auth.session_token=${value}`,
  ];
  for (const header of nobody) expect(await resolveSession(auth, { cookie: header })).toBeNull();
  expect(await resolveSession(auth, { cookie: `a=b; ${cookie}; c=d` })).not.toBeNull();
  const otherSecret = createAuth({
    db,
    config: ConfigZod.parse({ DATABASE_URL: database.url }),
    secret: 't'.repeat(40),
    logger: createLogger('silent'),
  });
  expect(await resolveSession(otherSecret, { cookie })).toBeNull();
  const over = await sessionWith({ expiresAt: Date.now() - 1 });
  expect(await resolveSession(auth, { cookie: over.cookie })).toBeNull();
});

test('better-auth itself is shown no session that is over by our rules', async () => {
  const now = Date.now();
  const ask = async (cookie: string) => {
    let shown: string | null = null;
    vi.spyOn(auth, 'handler').mockImplementationOnce(async ({ headers }) => {
      shown = headers.get('cookie');
      return Response.json({});
    });
    expect((await post('/sign-out', {}, { cookie })).status).toBe(200);
    return shown;
  };
  const stands = await sessionWith({});
  expect(await ask(stands.cookie)).toBe(stands.cookie);
  const idle = await sessionWith({ deviceContext: 'shared', updatedAt: now - 21 * minute });
  expect(await ask(idle.cookie)).toBe('');
  const old = await sessionWith({ createdAt: now - 91 * day });
  expect(await ask(old.cookie)).toBe('');
  await db.users.where({ userId: storedId(mara) }).update({ status: 'suspended' });
  expect(await ask(stands.cookie)).toBe('');
});

test('nobody signs up, and endpoints nobody needs are shut', async () => {
  const stranger = { email: 'stranger@alder.example', password, name: 'Stranger' };
  const { cookie } = await signIn();
  for (const path of [
    '/sign-up/email',
    '/change-password',
    '/update-user',
    '/delete-user',
    '/list-sessions',
    '/',
  ]) {
    const response = await post(path, stranger, { cookie });
    expect([path, response.status]).toEqual([path, 404]);
  }
  expect(await db.authUsers.findByOptional({ email: stranger.email })).toBeUndefined();
  expect(await db.authUsers.find(storedId(mara)).get('name')).toBe('Mara Lind');
});

test('another site can neither sign somebody in nor out', async () => {
  const { cookie } = await signIn();
  for (const path of ['/sign-in/email', '/sign-out']) {
    const response = await post(path, { email, password }, { origin: 'https://evil.example', cookie });
    expect([path, response.status]).toEqual([path, 403]);
  }
  const form = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email, password }),
  });
  expect(form.status).toBe(403);
  expect(await resolveSession(auth, { cookie })).not.toBeNull();
});

test('the address kept with a session is the one of the socket', async () => {
  const { cookie } = await signIn(
    {},
    { 'x-forwarded-for': '203.0.113.9', 'x-rapt-client-address': '203.0.113.9' },
  );
  const session = await resolveSession(auth, { cookie });
  const id = storedId(session?.authSessionId ?? newId('authsession'));
  expect(await db.authSessions.find(id).get('ipAddress')).toBe('127.0.0.1');
});

test('malformed and oversized bodies are refused in our words', async () => {
  expect((await post('/sign-in/email', '{"email":')).status).toBe(400);
  expect((await post('/sign-in/email', { email: 7, password })).status).toBe(400);
  expect((await post('/sign-in/email', { email: 'no address', password })).status).toBe(400);
  const large = await post('/sign-in/email', { email, password: 'x'.repeat(20_000) });
  expect(large.status).toBe(413);
  expect(await large.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
});

test('a new password replaces the old one and ends the sessions', async () => {
  const address = 'nils@alder.example';
  const userId = await createUser(db, { tenantId, name: 'Nils', email: address, status: 'active' });
  await setPassword(db, { tenantId, userId, password });
  const first = await signIn({ email: address });
  expect(first.response.status).toBe(200);
  const ended = await setPassword(db, { tenantId, userId, password: 'another good one' });
  expect(ended).toHaveLength(1);
  expect(await resolveSession(auth, { cookie: first.cookie })).toBeNull();
  expect((await signIn({ email: address })).response.status).toBe(401);
  expect((await signIn({ email: address, password: 'another good one' })).response.status).toBe(200);
  const foreign = setPassword(db, { tenantId: newId('tenant'), userId, password });
  await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a person is made with everything or not at all', async () => {
  const pupil = await createUser(db, { tenantId, name: 'Bo', username: 'bo7', password, status: 'active' });
  expect(await db.authUsers.find(storedId(pupil)).get('email')).toBe(placeholderEmail(pupil));
  expect(await db.userContacts.where({ userId: storedId(pupil) }).take()).toMatchObject({
    email: null,
    username: 'bo7',
  });
  const stored = await db.authAccounts.where({ userId: storedId(pupil) }).get('password');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const people = await db.users.count();
  const taken = createUser(db, { tenantId, name: 'Twin', email: email.toUpperCase() });
  await expect(taken).rejects.toMatchObject({ code: 'CONFLICT', message: 'This e-mail address is taken.' });
  const sameName = createUser(db, { tenantId, name: 'Twin', username: 'bo7' });
  await expect(sameName).rejects.toMatchObject({ code: 'CONFLICT', message: 'This user name is taken.' });
  expect(await db.users.count()).toBe(people);
});

describe('a username', () => {
  const other = newId('tenant');
  let bo: UserId;
  beforeAll(async () => {
    await db.tenants.find(storedId(tenantId)).update({ schoolCode: 'alder' });
    await db.tenants.insert({ tenantId: other, name: 'Birch', schoolCode: 'birch' });
    bo = await createUser(db, { tenantId, name: 'Bo', username: 'Bo.N', password, status: 'active' });
    const twin = { tenantId: other, name: 'Another Bo', username: 'Bo.N', status: 'active' as const };
    await createUser(db, { ...twin, password: 'of the other school' });
  });
  const enter = async (more: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
    const body = { schoolCode: 'alder', username: 'Bo.N', password, ...more };
    const response = await post('/sign-in/username', body, headers);
    const cookie = response.headers.getSetCookie().find((text) => text.startsWith('rapt_session='));
    return { response, cookie: cookie?.split(';', 1)[0] ?? '' };
  };

  test('lets a pupil without an address in, at their own school only, however it is written', async () => {
    for (const typed of [{}, { username: ' bo.n ', schoolCode: ' ALDER ' }]) {
      const { response, cookie } = await enter(typed, personal);
      expect(response.status).toBe(200);
      expect(await resolveSession(auth, { cookie })).toMatchObject({ userId: bo, deviceContext: 'personal' });
    }
    expect((await enter({ schoolCode: 'birch' })).response.status).toBe(401);
    const there = await enter({ schoolCode: 'birch', password: 'of the other school' });
    expect(await resolveSession(auth, { cookie: there.cookie })).toMatchObject({ tenantId: other });
  });

  test('beside a code the school has no more gets a sentence of its own, and no password is looked at', async () => {
    await db.retiredSchoolCodes.insert({ tenantId, schoolCode: 'alder-2019' });
    argon.computed = [];
    for (const typed of ['alder-2019', ' Alder 2019 ']) {
      const { response } = await enter({ schoolCode: typed });
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({
        error: 'This school has a new code. Ask your teacher for it.',
        details: { reason: 'SCHOOL_CODE_CHANGED' },
      });
    }
    expect(argon.computed).toEqual([]);
  });

  test('that nobody has, a school there is not, and a wrong password get the same answer for the same work', async () => {
    const answers = [];
    for (const wrong of [{ password: 'guess' }, { username: 'nobody' }, { schoolCode: 'nowhere' }]) {
      argon.computed = [];
      const { response } = await enter(wrong);
      answers.push({ status: response.status, body: await response.json() });
      expect(argon.computed).toHaveLength(1);
    }
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test('has the limits of an address, and one school’s failures are not another’s', async () => {
    await withLimit(2, async () => {
      const codes = [];
      for (const username of ['Bo.N', 'bo.n', 'BO.N']) {
        codes.push((await enter({ username, password: 'guess' }, from('198.51.100.20'))).response.status);
      }
      expect(codes).toEqual([401, 401, 429]);
      const there = { schoolCode: 'birch', password: 'of the other school' };
      expect((await enter(there, from('198.51.100.20'))).response.status).toBe(200);
    });
  });

  test('has one count however its letters are written: İ is i to PostgreSQL, and two letters to JavaScript', async () => {
    const written = ['nikki', 'nİkki', 'NIKKİ', 'nİkkİ'];
    await createUser(db, { tenantId, name: 'Nikki', username: 'nikki', password, status: 'active' });
    expect((await enter({ username: 'nİkkİ' })).response.status).toBe(200);
    await withLimit(3, async () => {
      const codes = [];
      for (const username of written) {
        codes.push((await enter({ username, password: 'guess' }, from('198.51.100.21'))).response.status);
      }
      expect(codes).toEqual([401, 401, 401, 429]);
    });
  });

  test('is one name however its accents were typed: as one character with their letter, or after it', async () => {
    const [one, two] = ['zo\u00e9.n', 'zoe\u0301.n'];
    await createUser(db, { tenantId, name: 'Zoé', username: one, password, status: 'active' });
    for (const username of [one, two]) expect((await enter({ username })).response.status).toBe(200);
    expect(usernameInput.parse(two)).toBe(one);
  });

  test('whose person is suspended opens nothing, and a body that says too little is refused', async () => {
    await db.users.where({ userId: storedId(bo) }).update({ status: 'suspended' });
    expect((await enter()).response.status).toBe(403);
    await db.users.where({ userId: storedId(bo) }).update({ status: 'active' });
    expect((await post('/sign-in/username', { username: 'Bo.N', password })).status).toBe(400);
    expect((await enter({}, { origin: 'https://evil.example' })).response.status).toBe(403);
  });
});

/** Limits as a school has them, behind one proxy of its own. */
async function withLimit(max: number, work: () => Promise<void>): Promise<void> {
  const wide = limits;
  limits = new SignInLimits(limitPool, max);
  trustedProxies = 1;
  try {
    await work();
  } finally {
    limits = wide;
    trustedProxies = 0;
  }
}
const from = (address: string) => ({ 'x-forwarded-for': `203.0.113.9, ${address}` });

test('of many wrong passwords at once for an account five are looked at, and the answer says how long to wait', async () => {
  await withLimit(5, async () => {
    const wrong = () => signIn({ password: 'wrong horse battery' }, from('198.51.100.1'));
    const answers = (await Promise.all(Array.from({ length: 12 }, wrong))).map(({ response }) => response);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(argon.computed).toHaveLength(5);
    const refused = answers.find(({ status }) => status === 429);
    expect(await refused?.json()).toEqual({
      error: expect.stringMatching(/^Too many tries. Wait (a second|\d+ seconds)/),
      code: 'RATE_LIMIT_EXCEEDED',
      details: {
        limit: 5,
        remaining: 0,
        resetAt: expect.any(Number),
        retryAfter: expect.any(Number),
      },
    });
    expect(refused?.headers.get('x-ratelimit-limit')).toBe('5');
    expect(refused?.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(refused?.headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1_000);
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    // Not even the right password helps now, and a header of the caller's own does not dodge it.
    const forged = { 'x-forwarded-for': '192.0.2.77, 198.51.100.1' };
    expect((await signIn({}, forged)).response.status).toBe(429);
    // From elsewhere the owner gets in.
    expect((await signIn({}, from('198.51.100.2'))).response.status).toBe(200);
  });
});

test('a class behind one address signs in, and right passwords are never counted', async () => {
  await withLimit(2, async () => {
    for (let at = 0; at < 8; at++) {
      const { response } = await signIn({}, from('198.51.100.3'));
      expect(response.status).toBe(200);
    }
    const others = Array.from({ length: 30 }, (_, at) =>
      signIn({ email: `pupil${at}@alder.example` }, from('198.51.100.3')),
    );
    for (const { response } of await Promise.all(others)) expect(response.status).toBe(401);
  });
});

test('one network that tries account after account comes to an end, whichever address of its 64 bits it takes', async () => {
  await withLimit(1, async () => {
    const tries = Array.from({ length: 25 }, (_, at) =>
      signIn({ email: `guess${at}@alder.example` }, from(`2001:db8:1:2:${at.toString(16)}::1`)),
    );
    const codes = (await Promise.all(tries)).map(({ response }) => response.status);
    expect(codes.filter((code) => code === 401)).toHaveLength(20);
    expect(codes.filter((code) => code === 429)).toHaveLength(5);
    const next = await signIn({ email: 'one.more@alder.example' }, from('2001:db8:1:3::1'));
    expect(next.response.status).toBe(401);
  });
});

test('processes share their counts, and each counts for itself while the database is away', async () => {
  const [one, other] = [new SignInLimits(limitPool, 2), new SignInLimits(limitPool, 2)];
  await one.begin('Ida@alder.example', '198.51.100.9');
  await other.begin(' ida@alder.example', '198.51.100.9');
  await expect(one.begin('ida@alder.example', '198.51.100.9')).rejects.toMatchObject({
    code: 'RATE_LIMIT_EXCEEDED',
  });
  const nowhere = createSystemPool('postgres://x:y@127.0.0.1:1/none', 'test-nowhere', 1);
  const alone = new SignInLimits(nowhere, 2);
  await alone.begin('ida@alder.example', '198.51.100.9');
  const tried = await alone.begin('ida@alder.example', '198.51.100.9');
  await tried.end(false);
  await alone.begin('ida@alder.example', '198.51.100.9');
  await expect(alone.begin('ida@alder.example', '198.51.100.9')).rejects.toMatchObject({
    code: 'RATE_LIMIT_EXCEEDED',
  });
  await nowhere.end();
});
