import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type { RosterRun, RosterSource } from '@raptscallions/zod-schemas/roster.zod';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Db } from '../../db/db';
import { demoSignIns } from '../../db/seeds/demo_people';
import { storedId } from '../../db/stored_id';
import { signInToDemo } from '../../test/sign_in_to_demo';
import { startTestServer } from '../../test/start_test_server';
import { type Feed, feedFiles, makeFeed } from './test/make_feed';
import { credentials, startSchoolSystem } from './test/start_school_system';
import { writeZip } from './test/write_zip';

let server: Awaited<ReturnType<typeof startTestServer>>;
let db: Db;
let admin: string;
let teacher: string;
let rootGroupId: string;

beforeAll(async () => {
  server = await startTestServer({
    CRON_JOB_TOKEN: 'the token of the clock',
    ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
    // Runs are waited for by asking, and on a slow machine that is often.
    RATE_LIMIT_API_MAX: '100000',
  });
  db = server.system;
  admin = await signIn('Dag Hollis');
  teacher = await signIn('Imelda Okafor');
  const root = await db.groups.where({ parentGroupId: null, kind: 'district' }).take();
  rootGroupId = root.groupId;
});
afterAll(() => server?.close());

const url = () => server.url;

function signIn(name: string): Promise<string> {
  const who = demoSignIns.find((each) => each.name === name) ?? demoSignIns[0];
  return signInToDemo(url(), who.email);
}

async function call<T>(name: string, input: unknown, cookie = admin): Promise<T> {
  const response = await fetch(`${url()}/rpc/rosters/${name}`, {
    method: 'POST',
    body: JSON.stringify({ json: input }),
    headers: { 'content-type': 'application/json', cookie },
  });
  const { json } = (await response.json()) as { json: T & { code?: string; message?: string } };
  if (response.status !== 200) throw new Error(`${json.code}: ${json.message}`);
  return json;
}

function sendPart(rosterRunId: string, part: number, bytes: Uint8Array<ArrayBuffer>, cookie = admin) {
  return fetch(`${url()}/rpc/rosters/upload?run=${rosterRunId}&part=${part}`, {
    method: 'POST',
    body: bytes,
    headers: { cookie },
  });
}

async function makeSource(): Promise<string> {
  const rosterSourceId = newId('rostersource');
  await call('createSource', { rosterSourceId, rootGroupId, name: rosterSourceId });
  return rosterSourceId;
}

async function zipBytes(files: Record<string, string | Buffer>): Promise<Uint8Array<ArrayBuffer>> {
  const zipPath = path.join(tmpdir(), `${newId('task')}.zip`);
  await writeZip(zipPath, files);
  const bytes = new Uint8Array(await readFile(zipPath));
  await rm(zipPath);
  return bytes;
}

/** Uploads in three parts and waits until there is nothing more to be done; to `apply` says yes to what no brake holds. */
async function upload(rosterSourceId: string, files: Record<string, string | Buffer>, wish = 'preview') {
  const rosterRunId = newId('rosterrun');
  await call('startUpload', { rosterRunId, rosterSourceId, fileName: 'roster.zip' });
  const bytes = await zipBytes(files);
  const third = Math.ceil(bytes.length / 3);
  for (let part = 0; part < 3; part++) {
    const sent = await sendPart(rosterRunId, part, bytes.slice(part * third, (part + 1) * third));
    expect(sent.status).toBe(204);
  }
  await call('readUpload', { rosterRunId, parts: 3 });
  const read = await settled(rosterRunId);
  if (wish === 'preview' || read.status !== 'diffed') return read;
  await call('decide', { rosterRunId, decision: 'approve' });
  return settled(rosterRunId);
}

/** Asked of the database, or a slow machine would use up how often one may call. */
async function settled(rosterRunId: RichId<'rosterrun'>): Promise<RosterRun> {
  await vi.waitFor(
    async () => {
      const { work } = await db.rosterRuns.where({ rosterRunId: storedId(rosterRunId) }).take();
      if (work !== null) throw new Error(`still ${work}`);
    },
    { timeout: 30_000, interval: 100 },
  );
  return call<RosterRun>('readRun', { rosterRunId });
}

const importFeed = (source: string, feed: Partial<Feed>, decision?: string) =>
  upload(source, feedFiles(feed), decision);

test('an uploaded file is compared first, and applied when an administrator says so', async () => {
  const source = await makeSource();
  const shown = await importFeed(source, makeFeed(20));
  expect(shown).toMatchObject({ status: 'diffed', requestedBy: 'Dag Hollis', fileName: 'roster.zip' });
  expect(shown.counts).toMatchObject({ rows: 50, 'user.add': 22, 'enrollment.add': 22 });
  expect(await db.classes.where({ name: { startsWith: 'Mathematics (' } }).count()).toBe(0);
  const { items } = await call<{ items: { sourcedId: string; before: unknown; after: unknown }[] }>(
    'listDiffs',
    { rosterRunId: shown.rosterRunId, entity: 'user', op: 'add', limit: 5 },
  );
  expect(items).toHaveLength(5);
  expect(items[0]).toMatchObject({ sourcedId: 'p0', before: null, after: { name: 'Pu Pil 0' } });
  const schools = await call<{ items: unknown[] }>('readSchools', { rosterRunId: shown.rosterRunId });
  expect(schools.items).toContainEqual({
    school: 'North School',
    counts: { 'org.add': 1, 'class.add': 1, 'user.add': 11, 'enrollment.add': 11 },
  });
  await call('decide', { rosterRunId: shown.rosterRunId, decision: 'approve' });
  const applied = await settled(shown.rosterRunId);
  expect(applied).toMatchObject({ status: 'applied', decidedBy: 'Dag Hollis', failure: null });
  expect(await db.userContacts.where({ username: 'p7' }).count()).toBe(1);
  await expect(call('decide', { rosterRunId: shown.rosterRunId, decision: 'approve' })).rejects.toThrow(
    'CONFLICT',
  );
  await call('decide', { rosterRunId: shown.rosterRunId, decision: 'undo' });
  expect(await settled(shown.rosterRunId)).toMatchObject({ status: 'undone' });
  expect(await db.rosterPackages.count()).toBe(0);
});

test('a person whose roles stand in a file of their own is counted with the school they belong to', async () => {
  const source = await makeSource();
  const lines = (...rows: string[]) => rows.map((row) => `${row}\r\n`).join('');
  const files = (family: string) => ({
    'orgs.csv': lines('sourcedId,name,type', 'hill,Hill School,school'),
    'users.csv': lines(
      'sourcedId,enabledUser,username,givenName,familyName',
      `kim,true,role-kim,Kim,${family}`,
    ),
    'roles.csv': lines('sourcedId,userSourcedId,role,orgSourcedId', 'r1,kim,student,hill'),
  });
  const schoolsOf = async ({ rosterRunId }: RosterRun) =>
    (await call<{ items: unknown[] }>('readSchools', { rosterRunId })).items;
  const first = await upload(source, files('Old'), 'apply');
  expect(await schoolsOf(first)).toEqual([
    { school: 'Hill School', counts: { 'org.add': 1, 'user.add': 1 } },
  ]);
  // The role is as it was, so the run says nothing of it.
  expect(await schoolsOf(await upload(source, files('New')))).toEqual([
    { school: 'Hill School', counts: { 'user.change': 1 } },
  ]);
});

test('a file that is no roster fails with a sentence, and the upload’s parts do not stay', async () => {
  const source = await makeSource();
  const run = await upload(source, { 'readme.txt': 'hello' }, 'apply');
  expect(run).toMatchObject({ status: 'failed', decision: null });
  expect(run.failure).toContain('no OneRoster files');
  expect(await db.rosterPackages.count()).toBe(0);
});

test('a dangerous upload is held, and additions only leave everybody where they are', async () => {
  const source = await makeSource();
  const feed = makeFeed(20);
  const prefixed: Feed = { ...feed, users: feed.users.map((row) => row.with(6, `second-${row[6]}`)) };
  expect((await importFeed(source, prefixed, 'apply')).status).toBe('applied');
  const held = await importFeed(
    source,
    { ...prefixed, enrollments: prefixed.enrollments.slice(0, 4) },
    'apply',
  );
  expect(held.status).toBe('held');
  expect(held.heldReasons[0]).toContain('enrolments would end');
  await call('decide', { rosterRunId: held.rosterRunId, decision: 'additions_only' });
  expect((await settled(held.rosterRunId)).status).toBe('applied');
  const { items } = await call<{ items: RosterRun[] }>('listRuns', { rosterSourceId: source, limit: 10 });
  expect(items.map(({ status }) => status)).toEqual(['applied', 'applied']);
});

test('from a tab that was left open a file can be shown, but neither applied nor its source given more power', async () => {
  const cookie = await signIn('Dag Hollis');
  const source = await makeSource();
  const { rosterRunId } = await importFeed(source, makeFeed(10));
  const newest = await db.authSessions.order({ createdAt: 'DESC' }).take();
  await db.authSessions.find(storedId(newest.id)).update({ createdAt: Date.now() - 11 * 60_000 });
  const stale = (name: string, input: object) =>
    expect(call(name, input, cookie)).rejects.toThrow('UNAUTHORIZED: Please sign in again');
  await stale('decide', { rosterRunId, decision: 'approve' });
  await stale('updateSource', { rosterSourceId: source, grantsAdmin: true });
  await stale('createSource', { rosterSourceId: newId('rostersource'), rootGroupId, name: 'Another' });
  const next = { rosterRunId: newId('rosterrun'), rosterSourceId: source, fileName: 'next.zip' };
  await expect(call('startUpload', next, cookie)).resolves.toBeDefined();
});

test('the problems of a run come as a list and as a file', async () => {
  const source = await makeSource();
  const feed = makeFeed(10);
  feed.users.push(['bad id!', '', '', 'true', 's1', 'student', 'x', 'X', 'Y', '']);
  const run = await importFeed(source, feed);
  expect(run.issues).toBe(1);
  const { items } = await call<{ items: unknown[] }>('listIssues', { rosterRunId: run.rosterRunId });
  expect(items).toMatchObject([{ fileName: 'users.csv', line: 13, field: 'sourcedId', rejected: true }]);
  const { csv } = await call<{ csv: string }>('exportIssues', { rosterRunId: run.rosterRunId });
  expect(csv.split('\r\n')[1]).toMatch(/^users.csv,13,sourcedId,malformed,yes,/);
});

test('parts are taken from whoever looks after the source, and only while the upload is open', async () => {
  const source = await makeSource();
  const rosterRunId = newId('rosterrun');
  await call('startUpload', { rosterRunId, rosterSourceId: source, fileName: 'roster.zip' });
  const part = new Uint8Array([1, 2, 3]);
  expect((await sendPart(rosterRunId, 0, part, '')).status).toBe(401);
  expect((await sendPart(rosterRunId, 0, part, teacher)).status).toBe(404);
  expect((await sendPart(rosterRunId, 300, part)).status).toBe(400);
  expect((await sendPart(rosterRunId, 0, new Uint8Array(5 * 1024 * 1024))).status).toBe(413);
  expect((await sendPart(rosterRunId, 0, part)).status).toBe(204);
  await expect(call('readUpload', { rosterRunId, parts: 2 })).rejects.toThrow('Of 2 parts of the file 1');
  await call('readUpload', { rosterRunId, parts: 1 });
  expect((await settled(rosterRunId)).failure).toContain('not a zip');
  expect((await sendPart(rosterRunId, 0, part)).status).toBe(409);
});

test('a secret goes in and never comes out, and not along to another address', async () => {
  const rosterSourceId = newId('rostersource');
  const connection = {
    version: '1.2',
    auth: 'oauth2',
    baseUrl: 'https://sis.example',
    tokenUrl: 'https://sis.example/token',
    clientId: 'us',
  };
  await call('createSource', {
    rosterSourceId,
    rootGroupId,
    name: 'Over the network',
    kind: 'rest',
    connection,
    secret: 'very secret',
  });
  const read = async () => {
    const { items } = await call<{ items: RosterSource[] }>('listSources', { limit: 100 });
    expect(JSON.stringify(items)).not.toContain('ecret":"');
    return items.find((each) => each.rosterSourceId === rosterSourceId);
  };
  expect(await read()).toMatchObject({ hasSecret: true, connection });
  const [row] = await db.rosterSources.where({ name: 'Over the network' });
  expect(row?.sealedSecret).not.toContain('very secret');
  await call('updateSource', {
    rosterSourceId,
    connection: { ...connection, clientId: 'us' },
    nightlyAt: '03:15',
  });
  expect(await read()).toMatchObject({ hasSecret: true, nightlyAt: '03:15' });
  await call('updateSource', {
    rosterSourceId,
    connection: { ...connection, baseUrl: 'https://thief.example' },
  });
  expect(await read()).toMatchObject({ hasSecret: false });
});

test('a clock outside runs a job with its token, at most once in a slot, and nobody else does', async () => {
  const run = (name: string, token?: string) =>
    fetch(`${url()}/api/cron-jobs/${name}`, {
      method: 'POST',
      headers: token === undefined ? { cookie: admin } : { authorization: `Bearer ${token}` },
    });
  expect((await run('schedule_rosters')).status).toBe(401);
  expect((await run('schedule_rosters', 'the token of the cloc')).status).toBe(401);
  expect((await run('no_such_job', 'the token of the clock')).status).toBe(404);
  const AnswerZod = z.object({ job: z.literal('schedule_rosters'), ran: z.boolean() });
  const answers = await Promise.all(
    Array.from({ length: 4 }, async () =>
      AnswerZod.parse(await (await run('schedule_rosters', 'the token of the clock')).json()),
    ),
  );
  const ran = answers.filter((answer) => answer.ran);
  // The server's own clock may have had this minute, and a new one may begin between two calls.
  expect(ran.length).toBeLessThanOrEqual(2);
});

test('a school system is tried and asked from the page, and its refusal is a sentence', async () => {
  const system = await startSchoolSystem(makeFeed(30));
  try {
    const rosterSourceId = newId('rostersource');
    const connection = {
      version: '1.2',
      auth: 'oauth2',
      baseUrl: system.url,
      tokenUrl: null,
      clientId: credentials.clientId,
    };
    const made = { rosterSourceId, rootGroupId, name: 'Asked', kind: 'rest', connection };
    await call('createSource', { ...made, secret: 'wrong' });
    const tried = () => call<{ works: boolean; sentence: string }>('testConnection', { rosterSourceId });
    expect(await tried()).toMatchObject({
      works: false,
      sentence: expect.stringContaining('refuses the client id'),
    });
    await call('updateSource', { rosterSourceId, secret: credentials.secret });
    expect(await tried()).toMatchObject({ works: true });
    const rosterRunId = newId('rosterrun');
    await call('fetch', { rosterRunId, rosterSourceId });
    expect(await settled(rosterRunId)).toMatchObject({ status: 'diffed', trigger: 'hand', scope: 'full' });
    const away = { ...connection, baseUrl: 'http://169.254.169.254' };
    await call('updateSource', { rosterSourceId, connection: away, secret: 'x' });
    expect(await tried()).toMatchObject({
      works: false,
      sentence: expect.stringContaining('private network'),
    });
  } finally {
    await system.close();
  }
});
