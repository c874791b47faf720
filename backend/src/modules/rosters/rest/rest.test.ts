import { newId, type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { RosterConnection } from '@raptscallions/zod-schemas/roster.zod';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { stored } from '../../../db/stored_id';
import { buildApp, buildSchool } from '../../../test/build_app';
import { performRosterRun } from '../services/perform_roster_run.service';
import { describeSchool } from '../test/describe_school';
import { makeFeed } from '../test/make_feed';
import {
  credentials,
  type Faults,
  type SchoolSystemMock,
  startSchoolSystem,
} from '../test/start_school_system';
import { readSchoolSystem } from './read_school_system';
import { SchoolSystem } from './school_system';
import { signOauth1 } from './sign_oauth1';

let built: Awaited<ReturnType<typeof buildApp>>;
let mock: SchoolSystemMock;
let client: pg.Client;
let tenantId: TenantId;
let rootGroupId: RichId<'group'>;

beforeAll(async () => {
  built = await buildApp();
  client = new pg.Client({ connectionString: built.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await built.close();
});
beforeEach(async () => {
  const school = await buildSchool(built.app.systemDb);
  tenantId = school.tenantId;
  rootGroupId = school.district;
  mock = await startSchoolSystem(makeFeed(250));
  return () => mock.close();
});

const connectionOf = (version: '1.1' | '1.2', auth: 'oauth1' | 'oauth2'): RosterConnection => ({
  version,
  auth,
  baseUrl: mock.url,
  tokenUrl: null,
  clientId: credentials.clientId,
});

function systemOf(connection: RosterConnection): SchoolSystem {
  return new SchoolSystem(connection, credentials.secret, { allowedHosts: ['127.0.0.1'], pauseMs: () => 5 });
}

async function readAll(system: SchoolSystem, since: Date | null = null) {
  const read = readSchoolSystem(system, since);
  const ids: Record<string, string[]> = {};
  for (const { name } of read.files) {
    const found: string[] = [];
    for await (const { row } of read.readRows(name)) found.push(row.sourcedid ?? '');
    ids[name] = found;
  }
  return ids;
}

const idsOf = (rows: string[][]) => rows.map(([id = '']) => id).sort();

test('a signature is that of the example in RFC 5849', () => {
  const address = new URL('http://photos.example.net/photos?file=vacation.jpg&size=original');
  const header = signOauth1(
    'GET',
    address,
    {
      consumerKey: 'dpf43f3p2l4k3l03',
      consumerSecret: 'kd94hf93k423kf44',
      token: 'nnch734d00sl2jdk',
      tokenSecret: 'pfkkdhi9sl3r4s00',
    },
    { timestamp: 137131202, nonce: 'chapoH' },
  );
  expect(header).toContain('oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"');
});

const ways = [
  ['1.1', 'oauth1'],
  ['1.1', 'oauth2'],
  ['1.2', 'oauth2'],
] as const;
const faults: [string, Faults][] = [
  ['behaves', { totals: true }],
  ['gives fewer rows than it is asked for, and no totals', { clamp: 37 }],
  ['asks to slow down in HTML', { htmlTooMany: 3, clamp: 100 }],
  ['cuts its JSON', { cutJson: 4, clamp: 100 }],
  ['fails now and then', { failing: 5, clamp: 100 }],
  ['takes its tokens back early', { tokenUses: 2, clamp: 100 }],
  ['wants its credentials in the body', { credentialsInBody: true }],
  ['ignores paging', { ignoresPaging: true }],
  ['ignores paging and tells totals', { ignoresPaging: true, totals: true }],
  ['ignores paging, and gives all in another order each time', { ignoresPaging: true, shuffles: true }],
  ['has odd envelopes, nulls, numbers and relative references', { oddShapes: true, clamp: 50, totals: true }],
];
for (const [version, auth] of ways) {
  test.each(faults)(
    `OneRoster ${version} with ${auth}: a system that %s gives the exact set of ids`,
    async (_name, fault) => {
      mock.faults = fault;
      const ids = await readAll(systemOf(connectionOf(version, auth)));
      expect(ids['orgs.csv']?.sort()).toEqual(idsOf(mock.feed.orgs));
      expect(ids['users.csv']?.sort()).toEqual(idsOf(mock.feed.users));
      expect(ids['enrollments.csv']?.sort()).toEqual(idsOf(mock.feed.enrollments));
    },
  );
}

/** Before the second page of enrolments, so many times. */
function changeBetweenPages(times: number, change: (rows: string[][]) => string[][]): Faults {
  let left = times;
  return {
    clamp: 100,
    totals: true,
    onPage: (collection, offset) => {
      if (collection !== 'enrollments' || offset !== 100 || left-- <= 0) return;
      mock.feed = { ...mock.feed, enrollments: change(mock.feed.enrollments) };
    },
  };
}
const withoutFirst = (rows: string[][]) => {
  const [first] = idsOf(rows);
  return rows.filter(([id]) => id !== first);
};

test('a record that goes while pages are read ends nobody who is still there', async () => {
  const source = await makeSource(connectionOf('1.2', 'oauth2'));
  await fetchRoster(source, 'full');
  mock.faults = changeBetweenPages(1, withoutFirst);
  expect((await fetchRoster(source, 'full')).counts).not.toHaveProperty('enrollment.end');
  mock.faults = {};
  expect((await fetchRoster(source, 'full')).counts).toMatchObject({ 'enrollment.end': 1 });
});

test('one that comes while pages are read is read as well', async () => {
  const more = ['aaa', '', '', 'c0', 's1', 'p25', 'student', '', ''];
  mock.faults = changeBetweenPages(1, (rows) => [...rows, more]);
  const ids = await readAll(systemOf(connectionOf('1.2', 'oauth2')));
  expect([...new Set(ids['enrollments.csv'])].sort()).toEqual(idsOf(mock.feed.enrollments));
});

test('a school that changes with every reading is left alone', async () => {
  mock.faults = changeBetweenPages(10, withoutFirst);
  await expect(readAll(systemOf(connectionOf('1.2', 'oauth2')))).rejects.toThrow('changed again and again');
});

test.each([[true], [false]])(
  'records that come twice every time are a habit (totals: %s)',
  async (totals) => {
    mock.feed = {
      ...mock.feed,
      enrollments: [...mock.feed.enrollments, ...mock.feed.enrollments.slice(0, 3)],
    };
    mock.faults = { totals };
    const ids = await readAll(systemOf(connectionOf('1.1', 'oauth1')));
    expect(new Set(ids['enrollments.csv']).size).toBe(275);
  },
);

test.each(['/', '/ims/oneroster', '/ims/oneroster/v1p1/', '/ims/oneroster/rostering/v1p2'])(
  'an address that ends in %s is understood',
  async (end) => {
    const connection = connectionOf('1.2', 'oauth2');
    const system = systemOf({ ...connection, baseUrl: connection.baseUrl + end });
    await expect(system.get('orgs', { limit: '1' })).resolves.toMatchObject({ body: { orgs: [{}] } });
  },
);

test('a wrong secret, a missing service and a total that never fits end with a sentence', async () => {
  const connection = connectionOf('1.2', 'oauth2');
  const wrong = new SchoolSystem(connection, 'wrong', { allowedHosts: ['127.0.0.1'] });
  await expect(wrong.get('orgs', {})).rejects.toThrow('refuses the client id or secret');
  const elsewhere = systemOf({
    ...connection,
    baseUrl: `${mock.url}/nothing`,
    tokenUrl: `${mock.url}/oauth/token`,
  });
  await expect(elsewhere.get('orgs', {})).rejects.toThrow('no OneRoster service');
  mock.faults = { totals: true, wrongTotal: true };
  await expect(readAll(systemOf(connection))).rejects.toThrow('says it has');
  const outside = new SchoolSystem(connection, credentials.secret, { allowedHosts: [] });
  await expect(outside.get('orgs', {})).rejects.toThrow('private network');
});

async function makeSource(connection: RosterConnection): Promise<RichId<'rostersource'>> {
  const rosterSourceId = newId('rostersource');
  const sealedSecret = built.app.secretBox.seal(credentials.secret, rosterSourceId);
  const source = { tenantId, rosterSourceId, rootGroupId, connection, sealedSecret };
  await built.app.systemDb.rosterSources.create({ ...source, name: rosterSourceId, kind: 'rest' });
  return rosterSourceId;
}

/** What the task does, with the run it leaves behind. */
async function fetchRoster(rosterSourceId: RichId<'rostersource'>, scope: 'full' | 'delta') {
  const db = built.app.systemDb;
  const rosterRunId = newId('rosterrun');
  const run = { tenantId, rosterRunId, rosterSourceId, scope, counts: {}, heldReasons: [] };
  await db.rosterRuns.create({ ...run, decision: 'apply', status: 'open', work: 'waiting' });
  const { logger, secretBox } = built.app;
  const tools = { databaseUrl: built.url, logger, secretBox, allowedHosts: ['127.0.0.1'], pauseMs: () => 5 };
  await performRosterRun(tools, { tenantId, rosterRunId });
  return db.rosterRuns.findBy(stored({ tenantId, rosterRunId }));
}

const members = async () =>
  (await describeSchool(client, tenantId)).filter((line) => line.startsWith('member ')).length;

test.each(ways)(
  'OneRoster %s with %s: everything, then what has changed, then nothing',
  async (version, auth) => {
    const source = await makeSource(connectionOf(version, auth));
    const first = await fetchRoster(source, 'delta');
    // Nothing was applied before, so everything had to be asked for.
    expect(first).toMatchObject({ status: 'applied', scope: 'full', failure: null });
    expect(await members()).toBe(275);
    expect(await describeSchool(client, tenantId)).toContain('group member Pu Pil 3 student North School');
    mock.changed = {
      enrollments: [['e7', 'tobedeleted', '2026-11-02', 'c0', 's1', 'p7', 'student', '', '']],
    };
    const second = await fetchRoster(source, 'delta');
    expect(second).toMatchObject({ status: 'applied', scope: 'delta' });
    expect(second.counts).toMatchObject({ rows: 1, 'enrollment.end': 1 });
    expect(await members()).toBe(274);
    const { filter } = mock.requests.at(-1)?.query ?? {};
    const since = Date.parse(/^dateLastModified>'(.*)'$/.exec(filter ?? '')?.[1] ?? '');
    expect(first.feedStartedAt && first.feedStartedAt - since).toBe(3_600_000);
  },
);

test('a page that fails fails the run: nobody loses anything by half an answer', async () => {
  const source = await makeSource(connectionOf('1.2', 'oauth2'));
  await fetchRoster(source, 'full');
  mock.faults = { clamp: 100, brokenPage: { collection: 'enrollments', offset: 200 } };
  const run = await fetchRoster(source, 'full');
  expect(run).toMatchObject({ status: 'failed', work: null });
  expect(run.failure).toContain('error 500');
  expect(await members()).toBe(275);
});

test('a full answer without half the enrolments is held', async () => {
  const source = await makeSource(connectionOf('1.1', 'oauth1'));
  await fetchRoster(source, 'full');
  mock.feed = { ...mock.feed, enrollments: mock.feed.enrollments.slice(0, 120) };
  expect(await fetchRoster(source, 'full')).toMatchObject({ status: 'held' });
  expect(await members()).toBe(275);
  const { rows } = await client.query(
    'select count(*)::int n from roster_diffs d join roster_runs r using (tenant_id, roster_run_id) where r.tenant_id = $1 and r.status = $2',
    [uuidFromId('tenant', tenantId), 'held'],
  );
  expect(rows[0].n).toBe(155);
});

test('of what a school system says, only what cannot be stored is replaced', async () => {
  const source = await makeSource(connectionOf('1.2', 'oauth2'));
  const spoilt = ['Pu\0', '\ud83dPil 😀'];
  const half = (row: string[]) =>
    row[0] === 'p3' ? row.with(7, spoilt[0] ?? '').with(8, spoilt[1] ?? '') : row;
  mock.feed = {
    ...mock.feed,
    classes: mock.feed.classes.map((row) => (row[0] === 'c0' ? row.with(4, 'M\0\udc00') : row)),
    users: mock.feed.users.map(half),
  };
  expect(await fetchRoster(source, 'full')).toMatchObject({ status: 'applied', failure: null });
  const people = (await describeSchool(client, tenantId)).filter((line) => line.startsWith('user '));
  expect(people).toContain('user Pu\ufffd \ufffdPil 😀 active - p3');
});

test.each([[true], [false]])(
  'a system that makes up records without end is left (totals: %s)',
  async (totals) => {
    mock.faults = { invents: true, totals };
    const options = { allowedHosts: ['127.0.0.1'], pauseMs: () => 5, mostRecords: 2_000 };
    const system = new SchoolSystem(connectionOf('1.2', 'oauth2'), credentials.secret, options);
    const sentence = totals ? /says it has \d+ orgs/ : /more and more orgs/;
    await expect(readAll(system)).rejects.toThrow(sentence);
    expect(mock.requests.length).toBeLessThan(1_000);
  },
);

test('a system that has us wait with every page is left, however short each wait', async () => {
  mock.faults = { htmlTooMany: 2, retryAfter: 1 };
  const options = { allowedHosts: ['127.0.0.1'], mostPausedMs: 1_500 };
  const system = new SchoolSystem(connectionOf('1.2', 'oauth2'), credentials.secret, options);
  await expect(readAll(system)).rejects.toThrow('has us wait again and again');
});
