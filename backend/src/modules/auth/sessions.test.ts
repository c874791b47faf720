import type { RichId } from '@raptscallions/zod-schemas/rich_id';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Db } from '../../db/db';
import { demoPassword, demoSignIns } from '../../db/seeds/demo_people';
import { storedId } from '../../db/stored_id';
import { startTestServer } from '../../test/start_test_server';

const minute = 60_000;
const [teacher, pupil, , , admin] = demoSignIns;
let server: Awaited<ReturnType<typeof startTestServer>>;
let url: string;
let system: Db;

beforeAll(async () => {
  server = await startTestServer({ RATE_LIMIT_API_MAX: '100000', TRUSTED_PROXIES: '1' });
  ({ url, system } = server);
});
afterAll(() => server?.close());

async function signIn(email: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, ...headers },
    body: JSON.stringify({ email, password: demoPassword }),
  });
  expect(response.status).toBe(200);
  const cookie = response.headers.getSetCookie().find((text) => text.startsWith('rapt_session='));
  return cookie?.split(';', 1)[0] ?? '';
}

type Answer = {
  status: number;
  code?: string;
  message?: string;
  data?: { details?: unknown };
  items?: Item[];
  cursor?: string | null;
};
type Item = {
  authSessionId: RichId<'authsession'>;
  current: boolean;
  deviceContext: string;
  userAgent: string;
  address: string | null;
  person?: string;
  userId?: string;
};
async function call(path: string, cookie: string, input: unknown, from = '198.51.100.1'): Promise<Answer> {
  const response = await fetch(`${url}/rpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, 'x-forwarded-for': from },
    body: JSON.stringify({ json: input }),
  });
  const { json } = (await response.json()) as { json: Omit<Answer, 'status'> };
  return { ...json, status: response.status };
}
const sessions = async (cookie: string) =>
  (await call('auth/listSessions', cookie, { limit: 100 })).items ?? [];
/** Makes the sign-in of a cookie as old as a lesson. */
async function age(cookie: string): Promise<void> {
  const mine = (await sessions(cookie)).find(({ current }) => current);
  if (!mine) throw new Error('nobody is signed in');
  const past = Date.now() - 40 * minute;
  await system.authSessions.find(storedId(mine.authSessionId)).update({ createdAt: past });
}

beforeEach(async () => {
  await system.authSessions.all().delete();
});

test('somebody sees where they are signed in, and ends a session at once; nobody else’s', async () => {
  const own = await signIn(teacher.email, { 'x-device-context': 'personal', 'user-agent': 'A phone' });
  const other = await signIn(teacher.email, { 'x-device-context': 'shared', 'user-agent': 'The library' });
  const stranger = await signIn(pupil.email);
  const list = await sessions(own);
  expect(list.map(({ current, deviceContext, userAgent }) => [current, deviceContext, userAgent])).toEqual([
    [false, 'shared', 'The library'],
    [true, 'personal', 'A phone'],
  ]);
  expect(JSON.stringify(list)).not.toContain(decodeURIComponent(own.split('=')[1] ?? '').split('.')[0]);
  const theirs = (await sessions(stranger))[0]?.authSessionId;
  expect(await call('auth/endSession', own, { authSessionId: theirs })).toMatchObject({ status: 404 });
  const library = list[0]?.authSessionId;
  expect(await call('auth/endSession', own, { authSessionId: library })).toMatchObject({ status: 200 });
  expect((await call('me', other, undefined)).status).toBe(401);
  expect((await call('me', own, undefined)).status).toBe(200);
  expect((await call('me', stranger, undefined)).status).toBe(200);
  expect(await call('auth/endSession', own, { authSessionId: library })).toMatchObject({ status: 404 });
});

test('what changes who gets in needs a fresh sign-in; the password makes it fresh again, for this browser only', async () => {
  const [own, other] = [await signIn(admin.email), await signIn(admin.email)];
  const change = (cookie: string) => call('auth/changeEmail', cookie, { email: 'new.dag@fenmoor.example' });
  await age(own);
  await age(other);
  const stale = { status: 401, data: { details: { reason: 'fresh_session_required' } } };
  expect(await change(own)).toMatchObject(stale);
  expect((await call('me', own, undefined)).status).toBe(200);
  expect(await call('auth/prove', own, { password: 'a guess' })).toMatchObject({ status: 403 });
  expect(await change(own)).toMatchObject(stale);
  expect(await call('auth/prove', own, { password: demoPassword })).toMatchObject({ status: 200 });
  expect(await change(own)).toMatchObject({ status: 200 });
  expect(await change(other)).toMatchObject(stale);
});

test('guesses at an open browser are counted like those at the door', async () => {
  const cookie = await signIn(admin.email);
  const codes = [];
  for (let at = 0; at < 7; at++) {
    codes.push((await call('auth/prove', cookie, { password: `guess ${at}` }, '198.51.100.7')).status);
  }
  expect(codes).toEqual([403, 403, 403, 403, 403, 429, 429]);
});

test('a new password of one’s own ends every other session and keeps this one', async () => {
  const [own, other] = [await signIn(pupil.email), await signIn(pupil.email)];
  expect(await call('auth/changePassword', own, { password: 'short' })).toMatchObject({ status: 400 });
  expect(await call('auth/changePassword', own, { password: demoPassword })).toMatchObject({ status: 200 });
  expect((await call('me', own, undefined)).status).toBe(200);
  expect((await call('me', other, undefined)).status).toBe(401);
  const person = await system.authUsers.findBy({ email: pupil.email });
  const logged = await system.auditEntries.where({ action: 'auth.changePassword' });
  expect(logged.map(({ actorUserId, details }) => [actorUserId, details])).toEqual([[person.id, {}]]);
});

test('a sign-in makes a session of its own, whatever cookie somebody has put into the browser', async () => {
  const planted = await signIn(pupil.email);
  const own = await signIn(teacher.email, { cookie: planted });
  expect(own).not.toBe(planted);
  expect(await call('me', own, undefined)).toMatchObject({ name: teacher.name });
  expect(await call('me', planted, undefined)).toMatchObject({ name: pupil.name });
  const made = await signIn(teacher.email, { cookie: 'rapt_session=chosen-by-an-attacker.AAAA' });
  expect(made).not.toContain('chosen-by-an-attacker');
});

test('a page of another site can do nothing with somebody’s cookie, by whatever kind of request', async () => {
  const cookie = await signIn(teacher.email);
  const target = (await sessions(cookie))[0]?.authSessionId;
  const body = JSON.stringify({ json: { authSessionId: target } });
  const evil = { cookie, origin: 'https://evil.example' };
  const path = `${url}/rpc/auth/endSession`;
  const requests: [string, RequestInit][] = [
    [path, { method: 'POST', headers: { ...evil, 'content-type': 'application/json' }, body }],
    [path, { method: 'POST', headers: { ...evil, 'content-type': 'text/plain' }, body }],
    [
      path,
      { method: 'POST', headers: { ...evil, 'content-type': 'application/x-www-form-urlencoded' }, body },
    ],
    [path, { method: 'POST', headers: { cookie, origin: 'null', 'content-type': 'text/plain' }, body }],
    [
      path,
      {
        method: 'POST',
        headers: { cookie, 'sec-fetch-site': 'cross-site', 'content-type': 'text/plain' },
        body,
      },
    ],
    [path, { method: 'PUT', headers: { ...evil, 'content-type': 'application/json' }, body }],
    [path, { method: 'DELETE', headers: { ...evil, 'x-http-method-override': 'POST' } }],
    [`${path}?data=${encodeURIComponent(body)}`, { headers: { cookie } }],
    [
      `${path}?data=${encodeURIComponent(body)}&_method=POST`,
      { headers: { cookie, 'x-http-method-override': 'POST' } },
    ],
  ];
  for (const [address, init] of requests) {
    const { status } = await fetch(address, init);
    expect([init.method ?? 'GET', status]).toEqual([
      init.method ?? 'GET',
      expect.toSatisfy((code) => code >= 400),
    ]);
    expect(status).not.toBe(404);
    expect((await call('me', cookie, undefined)).status).toBe(200);
  }
  expect((await sessions(cookie)).map(({ authSessionId }) => authSessionId)).toEqual([target]);
});

test('a suspension ends sessions and what could be done with them at once, also in another’s hands', async () => {
  const [own, manager] = [await signIn(pupil.email), await signIn(admin.email)];
  const person = await system.authUsers.findBy({ email: pupil.email });
  expect(await call('auth/setStatus', manager, { userId: person.id, status: 'suspended' })).toMatchObject({
    status: 200,
  });
  expect((await call('me', own, undefined)).status).toBe(401);
  expect(await call('auth/setStatus', manager, { userId: person.id, status: 'active' })).toMatchObject({
    status: 200,
  });
  expect((await call('me', own, undefined)).status).toBe(401);
  expect((await call('me', await signIn(pupil.email), undefined)).status).toBe(200);
});

test('an administrator sees where people are signed in, page after page, and nobody else does', async () => {
  const manager = await signIn(admin.email);
  for (const [email, agent] of [
    [pupil.email, 'The library'],
    [teacher.email, 'A phone'],
    [pupil.email, 'A tablet'],
  ] as const) {
    const from = { 'user-agent': agent, 'x-forwarded-for': '203.0.113.9', 'x-device-context': 'personal' };
    await signIn(email, from);
  }
  const list = await call('auth/listSignIns', manager, { limit: 50 });
  expect(list.items?.map(({ person, userAgent, address }) => [person, userAgent, address])).toEqual([
    [pupil.name, 'A tablet', '203.0.113.9'],
    [teacher.name, 'A phone', '203.0.113.9'],
    [pupil.name, 'The library', '203.0.113.9'],
  ]);
  const pupilId = list.items?.[0]?.userId;
  const first = await call('auth/listSignIns', manager, { limit: 1, userId: pupilId });
  const looked = await system.auditEntries.where({ action: 'auth.listSignIns' }).order('auditEntryId');
  const { id: managerId } = await system.authUsers.findBy({ email: admin.email });
  // Everybody's, then this pupil's.
  expect(looked.map(({ actorUserId, subjectUserId }) => [actorUserId, subjectUserId])).toEqual([
    [managerId, null],
    [managerId, pupilId],
  ]);
  const second = await call('auth/listSignIns', manager, { cursor: first.cursor });
  expect([first, second].map(({ items }) => items?.map(({ userAgent }) => userAgent))).toEqual([
    ['A tablet'],
    ['The library'],
  ]);
  expect(second.cursor).toBeNull();
  const [own, theirs] = [await signIn(teacher.email), await signIn(pupil.email)];
  for (const cookie of [own, theirs]) {
    expect(await call('auth/listSignIns', cookie, { limit: 50 })).toMatchObject({ status: 200, items: [] });
    expect(await call('auth/endSignIns', cookie, { userId: pupilId })).toMatchObject({ status: 404 });
  }
  expect((await call('me', theirs, undefined)).status).toBe(200);
});

test('a session that is over by our rules is in no list, although it still waits to be swept', async () => {
  const manager = await signIn(admin.email);
  const left = await signIn(pupil.email, { 'x-device-context': 'shared' });
  const listed = async () => (await call('auth/listSignIns', manager, { limit: 50 })).items?.length;
  expect(await listed()).toBe(1);
  const mine = (await sessions(left))[0];
  if (!mine) throw new Error('nobody is signed in');
  const row = system.authSessions.find(storedId(mine.authSessionId));
  await row.update({ updatedAt: Date.now() - 21 * minute });
  expect(await listed()).toBe(0);
  await row.update({ updatedAt: Date.now(), createdAt: Date.now() - 91 * 24 * 60 * minute });
  expect(await listed()).toBe(0);
});

test('an administrator signs somebody out on one device or on all, shown anew to be there, and the log says so', async () => {
  const manager = await signIn(admin.email);
  const [library, phone, tablet] = [
    await signIn(pupil.email),
    await signIn(pupil.email),
    await signIn(pupil.email),
  ];
  const bystander = await signIn(teacher.email);
  const { items = [] } = await call('auth/listSignIns', manager, { limit: 50 });
  const ofPupil = items.filter(({ person }) => person === pupil.name);
  const { userId, authSessionId } = ofPupil[2] ?? {};
  const teachersSession = items.find(({ person }) => person === teacher.name)?.authSessionId;
  const before = await system.auditEntries.where({ action: 'auth.endSignIns' }).count();

  // Somebody else's session does not end because it is named beside a person one may sign out.
  const mixed = { userId, authSessionId: teachersSession };
  expect(await call('auth/endSignIns', manager, mixed)).toMatchObject({ status: 404 });
  await age(manager);
  expect(await call('auth/endSignIns', manager, { userId })).toMatchObject({
    status: 401,
    data: { details: { reason: 'fresh_session_required' } },
  });
  await call('auth/prove', manager, { password: demoPassword });

  expect(await call('auth/endSignIns', manager, { userId, authSessionId })).toMatchObject({ status: 200 });
  const after = async () =>
    Promise.all(
      [library, phone, tablet, bystander].map(async (one) => (await call('me', one, undefined)).status),
    );
  expect(await after()).toEqual([401, 200, 200, 200]);
  expect(await call('auth/endSignIns', manager, { userId, authSessionId })).toMatchObject({ status: 404 });
  expect(await call('auth/endSignIns', manager, { userId })).toMatchObject({ status: 200 });
  expect(await after()).toEqual([401, 401, 401, 200]);

  const entries = await system.auditEntries.where({ action: 'auth.endSignIns' }).order('auditEntryId');
  expect(entries.slice(before).map(({ subjectUserId, details }) => [subjectUserId, details])).toEqual([
    [userId, { userId, authSessionId }],
    [userId, { userId }],
  ]);
});
