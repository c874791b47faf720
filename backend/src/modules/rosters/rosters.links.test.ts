import { newId, type RichId, uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import { beforeEach, describe, expect, test } from 'vitest';
import { stored } from '../../db/stored_id';
import { useRosters } from '../../test/use_rosters';
import { importRoster } from './services/import_roster.service';

const { now, zipOf, importFiles, picture } = useRosters();
let built: ReturnType<typeof now>['built'];
let client: ReturnType<typeof now>['client'];
let school: ReturnType<typeof now>['school'];
let tenantId: ReturnType<typeof now>['tenantId'];
beforeEach(() => {
  ({ built, client, school, tenantId } = now());
});

/** People of one school, as `id,role,name,master`. */
function staffRoom(people: [id: string, role: string, name: string, master: string, agents?: string][]) {
  const rows = people.map(([id, role, name, master, agents = '']) =>
    [id, 'true', 'org', role, `${id}-name`, 'Given', name, master, `"${agents}"`].join(','),
  );
  const header =
    'sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName,userMasterIdentifier,agentSourcedIds';
  return {
    'orgs.csv': 'sourcedId,name,type\r\norg,Hill School,school\r\n',
    'users.csv': `${[header, ...rows].join('\r\n')}\r\n`,
  };
}
async function accountsOf(sourcedIds: string[]) {
  const { rows } = await client.query<{ sourced_id: string; internal_id: string | null }>(
    `select sourced_id, internal_id from external_refs where tenant_id = $1 and entity = 'user' and sourced_id = any ($2)`,
    [uuidFromId('tenant', tenantId), sourcedIds],
  );
  return new Map(rows.map((row) => [row.sourced_id, row.internal_id]));
}

test('a master identifier means the same person across sources only where that is switched on, and never guesses', async () => {
  await importFiles(
    staffRoom([
      ['a1', 'teacher', 'Ada', 'm1'],
      ['a2', 'teacher', 'Ben', 'm2'],
      ['a3', 'student', 'Cleo', 'm3'],
      ['a4', 'student', 'Twin', 'm4'],
      ['a5', 'student', 'Twin', 'm4'],
    ]),
  );
  const second = staffRoom([
    ['b1', 'teacher', 'Ada', 'm1'],
    // A pupil's row must not get a teacher's account, nor one of two rows the account of both.
    ['b2', 'student', 'Ben', 'm2'],
    ['b3', 'student', 'Cleo', 'm3'],
    ['b3b', 'student', 'Cleo', 'm3'],
    ['b4', 'student', 'Twin', 'm4'],
  ]);
  const importAs = async (name: string) => {
    const zipPath = await zipOf(second);
    return importRoster(built.url, { tenantId, source: { name }, zipPath, decision: 'apply' });
  };
  const rootGroupId = school.district;
  const source = { tenantId, rosterSourceId: newId('rostersource'), rootGroupId, name: 'Library' };
  await built.app.systemDb.rosterSources.create({ ...source, matchesMasterIds: true });
  const linked = await importAs('Library');
  const known = await accountsOf(['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2', 'b3', 'b3b', 'b4']);
  expect(known.get('b1')).toBe(known.get('a1'));
  expect(new Set(known.values()).size).toBe(9);
  const ambiguous = await built.app.systemDb.rosterIssues
    .where(stored({ tenantId, rosterRunId: linked.rosterRunId }))
    .order('line')
    .select('line', 'field', 'code', 'rejected');
  const told = { field: 'userMasterIdentifier', code: 'ambiguous', rejected: false };
  expect(ambiguous).toEqual([4, 5, 6].map((line) => ({ line, ...told })));

  const before = (await picture()).filter((line) => line.startsWith('user ')).length;
  await importAs('Not switched on');
  expect((await picture()).filter((line) => line.startsWith('user '))).toHaveLength(before + 5);
});

test('master identifiers that differ only beyond what is kept do not make two people one', async () => {
  const long = 'm'.repeat(255);
  await importFiles(staffRoom([['a1', 'teacher', 'Ada', `${long}1`]]));
  const source = { tenantId, rosterSourceId: newId('rostersource'), rootGroupId: school.district };
  await built.app.systemDb.rosterSources.create({ ...source, name: 'Library', matchesMasterIds: true });
  const zipPath = await zipOf(staffRoom([['b1', 'teacher', 'Ben', `${long}2`]]));
  const run = { tenantId, source: { name: 'Library' }, zipPath, decision: 'apply' } as const;
  const { rosterRunId } = await importRoster(built.url, run);
  const known = await accountsOf(['a1', 'b1']);
  expect(known.get('b1')).not.toBe(known.get('a1'));
  const issues = await built.app.systemDb.rosterIssues.where(stored({ tenantId, rosterRunId }));
  expect(issues).toMatchObject([
    { line: 2, field: 'usermasteridentifier', code: 'too_long', rejected: false },
  ]);
});

describe('a source of one school gets nobody of another', () => {
  const lines = (...rows: string[]) => `${rows.join('\r\n')}\r\n`;
  /** Teaches a class of another school, with no role in any group, as feeds without roles.csv have it. */
  async function addTeacherElsewhere(end = '') {
    await importFiles({
      'manifest.csv': lines(
        ...['propertyName,value', 'manifest.version,1.0', 'oneroster.version,1.2', 'file.orgs,bulk'],
        ...['file.users,bulk', 'file.classes,bulk', 'file.enrollments,bulk'],
      ),
      'orgs.csv': lines('sourcedId,name,type', 'tt,Other School,school'),
      'users.csv': lines(
        'sourcedId,enabledUser,username,givenName,familyName,email,userMasterIdentifier',
        'vic,true,vic,Vic,Teacher,vic@other.example,m1',
      ),
      'classes.csv': lines('sourcedId,title,schoolSourcedId,termSourcedIds', 'c1,Maths,tt,'),
      'enrollments.csv': lines(
        'sourcedId,classSourcedId,userSourcedId,role,beginDate,endDate',
        `e1,c1,vic,teacher,2020-01-01,${end}`,
      ),
    });
    await client.query('update auth_users set email_verified = true where tenant_id = $1', [
      uuidFromId('tenant', tenantId),
    ]);
  }
  /** @param rootGroupId the source is for it and what is below */
  async function importBeside(rootGroupId: RichId<'group'>, role: string, email: string, master: string) {
    const key = { tenantId, rosterSourceId: newId('rostersource') };
    const source = { ...key, rootGroupId, name: key.rosterSourceId, matchesMasterIds: true };
    await built.app.systemDb.rosterSources.create(source);
    const zipPath = await zipOf({
      'orgs.csv': lines('sourcedId,name,type', 'ss,Sub,school'),
      'users.csv': lines(
        'sourcedId,enabledUser,orgSourcedIds,role,username,givenName,familyName,email,userMasterIdentifier',
        `x,true,ss,${role},x,Pu,Pil,${email},${master}`,
      ),
    });
    await importRoster(built.url, { tenantId, source: { name: source.name }, zipPath, decision: 'apply' });
    const known = await accountsOf(['vic', 'x']);
    return known.get('vic') === known.get('x');
  }

  test.each([
    ['master identifier', '', 'm1'],
    ['verified address', 'vic@other.example', ''],
  ])('by a %s', async (_by, email, master) => {
    await addTeacherElsewhere();
    for (const role of ['student', 'teacher'])
      expect(await importBeside(school.school, role, email, master)).toBe(false);
    expect(await picture()).toContain('user Vic Teacher active vic@other.example vic');
  });

  test("a pupil's row of a source for all schools is no teacher, a teacher's row is", async () => {
    await addTeacherElsewhere();
    expect(await importBeside(school.district, 'student', 'x@feed.example', 'm1')).toBe(false);
    const before = (await picture()).filter((line) => line.startsWith('user ')).length;
    expect(await importBeside(school.district, 'teacher', 'vic@other.example', '')).toBe(true);
    expect((await picture()).filter((line) => line.startsWith('user '))).toHaveLength(before);
  });

  test('also while that person belongs nowhere, as in the holidays', async () => {
    await addTeacherElsewhere('2021-01-01');
    expect((await picture()).filter((line) => line.startsWith('member '))).toEqual([]);
    expect(await importBeside(school.school, 'teacher', 'vic@other.example', '')).toBe(false);
    expect(await importBeside(school.district, 'teacher', 'vic@other.example', '')).toBe(true);
  });
});

test('whose parent somebody is stays with their record, and gives the parent no account', async () => {
  await importFiles(
    staffRoom([
      ['kid', 'student', 'Kid', '', 'mum,dad'],
      ['mum', 'parent', 'Mum', ''],
      ['dad', 'guardian', 'Dad', ''],
    ]),
  );
  const { rows } = await client.query(
    `select data->'agents' as agents from external_refs where tenant_id = $1 and entity = 'user' and sourced_id = 'kid'`,
    [uuidFromId('tenant', tenantId)],
  );
  expect(rows).toEqual([{ agents: ['dad', 'mum'] }]);
  const accounts = await accountsOf(['kid', 'mum', 'dad']);
  expect(accounts.get('kid')).not.toBeNull();
  expect([accounts.get('mum'), accounts.get('dad')]).toEqual([null, null]);
});

test('a user name counts as it is looked for, with accents as one character with their letter', async () => {
  const files = staffRoom([['zoe', 'student', 'Zoe', 'm1']]);
  await importFiles({ ...files, 'users.csv': files['users.csv'].replace('zoe-name', 'zoe\u0301-name') });
  const contacts = await built.app.systemDb.userContacts.where(stored({ tenantId })).pluck('username');
  expect(contacts).toEqual(['zo\u00e9-name']);
});
