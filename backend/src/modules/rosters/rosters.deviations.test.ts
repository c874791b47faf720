import { uuidFromId } from '@raptscallions/zod-schemas/rich_id';
import type { TenantId } from '@raptscallions/zod-schemas/tenant.zod';
import { expect, test } from 'vitest';
import { buildSchool } from '../../test/build_app';
import { useRosters } from '../../test/use_rosters';
import { importRoster } from './services/import_roster.service';
import { describeSchool } from './test/describe_school';

/**
 * What real packages do against the letter of OneRoster, and what is meant by it. A system that is asked over REST
 * deviates in ways of its own: `rest/rest.test.ts`.
 */
const { now, importFiles, picture, zipOf } = useRosters();

type Files = Record<string, string>;

/** A small school by the letter. */
const plain: Files = {
  'manifest.csv': `propertyName,value\r\nmanifest.version,1.0\r\noneroster.version,1.1\r\n${[
    'orgs',
    'academicSessions',
    'courses',
    'classes',
    'users',
    'enrollments',
  ]
    .map((name) => `file.${name},bulk\r\n`)
    .join('')}`,
  'orgs.csv': lines(
    'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
    'd1,,,Hollow District,district,,',
    's1,,,Hill School,school,,d1',
  ),
  'academicSessions.csv': lines(
    'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
    'year,,,Year,schoolYear,2020-08-01,2090-07-05,,2090',
  ),
  'courses.csv': lines(
    'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes',
    'maths,,,year,Mathematics,M,,s1,,',
  ),
  'classes.csv': lines(
    'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
    'c1,,,Algebra,,maths,A1,scheduled,,s1,year,,,',
  ),
  'users.csv': lines(
    'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password',
    't1,,,true,"d1,s1",teacher,tess,,Tess,Tutor,,,tess@hill.example,,,,,',
    'p1,,,true,s1,student,pia,,Pia,Pupil,,,pia@hill.example,,,,09,',
    'p2,,,false,s1,student,,,Pim,Pupil,,,,,,,09,',
  ),
  'enrollments.csv': lines(
    'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
    'e1,,,c1,s1,t1,teacher,true,,',
    'e2,,,c1,s1,p1,student,,,',
    'e3,,,c1,s1,p2,student,,2026-08-27,2090-01-05',
  ),
};

function lines(...rows: string[]): string {
  return rows.map((row) => `${row}\r\n`).join('');
}

type Change = (files: Files) => Files;

const edit =
  (name: string, change: (text: string) => string): Change =>
  (files) => ({ ...files, [name]: change(files[name] ?? '') });
const everyFile =
  (change: (text: string, name: string) => string): Change =>
  (files) =>
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, change(text, name)]));
const also = (name: string, ...rows: string[]) => edit(name, (text) => text + lines(...rows));
const without =
  (name: string): Change =>
  ({ [name]: _, ...rest }) =>
    rest;
const data = (change: (text: string) => string): Change =>
  everyFile((text, name) => (name === 'manifest.csv' ? text : change(text)));
const rowsOf = (change: (row: string) => string) => (text: string) =>
  text
    .trimEnd()
    .split('\r\n')
    .map((row, at) => `${at === 0 ? row : change(row)}\r\n`)
    .join('');

/** Columns of a file in another order, some left out, some that nobody knows. */
function rearrange(text: string): string {
  const rows = text.trimEnd().split('\r\n');
  const needed = [
    'userSourcedId',
    'metadata.house',
    'sourcedId',
    'role',
    'classSourcedId',
    'endDate',
    'beginDate',
  ];
  const header = (rows[0] ?? '').split(',');
  const pick = (row: string) => {
    const cells = row.split(',');
    return needed
      .map((name) => (name === 'metadata.house' ? 'Red' : (cells[header.indexOf(name)] ?? '')))
      .join(',');
  };
  return lines(needed.join(','), ...rows.slice(1).map(pick));
}

test.each<[string, Change]>([
  [
    'status and dates filled in bulk files',
    data(rowsOf((row) => row.replace(',,,', ',active,2026-11-01T08:00:00.000Z,'))),
  ],
  ['days for moments', data(rowsOf((row) => row.replace(',,,', ',active,2026-11-01,')))],
  [
    'records that are over, under whatever word',
    (files) =>
      also(
        'enrollments.csv',
        'gone,inactive,2026-11-01,c1,s1,p2,student,,,',
        'too,toBeDeleted,,c1,s1,p1,student,,,',
      )(
        also(
          'users.csv',
          'left,ToBeDeleted,2026-11-01,true,s1,student,lea,,Lea,Left,,,,,,,,',
          'off,Inactive,2026-11-01,true,s1,student,ole,,Ole,Off,,,,,,,,',
        )(files),
      ),
  ],
  [
    'booleans in capitals',
    edit('users.csv', (text) => text.replaceAll(',true,', ',TRUE,').replaceAll(',false,', ',FALSE,')),
  ],
  [
    'booleans in words',
    edit('users.csv', (text) => text.replaceAll(',true,', ',yes,').replaceAll(',false,', ',no,')),
  ],
  [
    'booleans as numbers',
    edit('users.csv', (text) => text.replaceAll(',true,', ',1,').replaceAll(',false,', ',0,')),
  ],
  [
    'dates as Americans write them',
    data((text) =>
      text
        .replaceAll('2026-08-27', '8/27/2026')
        .replaceAll('2090-01-05', '1/05/2090')
        .replaceAll('2020-08-01', '8/1/2020')
        .replaceAll('2090-07-05', '07/05/2090'),
    ),
  ],
  [
    'a school year of two years',
    edit('academicSessions.csv', (text) => text.replace(',2090\r', ',2089-2090\r')),
  ],
  [
    'other capitals in enumerations',
    data((text) => text.replace('scheduled', 'Scheduled').replaceAll(',student,', ',Student,')),
  ],
  ['blanks in lists', edit('users.csv', (text) => text.replace('"d1,s1"', '"s1, d1 ,"'))],
  ['no manifest', without('manifest.csv')],
  [
    'a manifest with blank and missing rows',
    edit('manifest.csv', (text) => `${text.split('file.users')[0]}file.users,\r\n,\r\n`),
  ],
  [
    'file names in other capitals',
    (files) => Object.fromEntries(Object.entries(files).map(([name, text]) => [name.toUpperCase(), text])),
  ],
  ['a misspelt date column', data((text) => text.replace('dateLastModified', 'dataLastModified'))],
  [
    'a misspelt column of names',
    edit('users.csv', (text) => text.replace('givenName', 'prefferedGivenName')),
  ],
  [
    'headers in other capitals and with blanks',
    data((text) => text.replace(/^.*/, (header) => header.toUpperCase().replaceAll(',', ' , '))),
  ],
  [
    'one term only, by another name',
    edit('classes.csv', (text) => text.replace('termSourcedIds', 'termSourcedId')),
  ],
  ['columns in another order, left out and unknown', edit('enrollments.csv', rearrange)],
  ['rows that end early', data((text) => text.replaceAll(/,+\r\n/g, '\r\n'))],
  ['rows and a header with more columns than are named', data((text) => text.replaceAll('\r\n', ',,\r\n'))],
  [
    'lines that end as on Unix, the last one not at all',
    everyFile((text) => text.replaceAll('\r\n', '\n').trimEnd()),
  ],
  ['a mark of the byte order', everyFile((text) => `\uFEFF${text}`)],
  ['courses that classes name but nobody brings', without('courses.csv')],
  ['one membership under two ids', also('enrollments.csv', 'e2-again,,,c1,s1,p1,student,,,')],
  [
    'several enrolments of one pupil at different times',
    also(
      'enrollments.csv',
      'e2-2025,,,c1,s1,p1,student,,2025-08-01,2026-07-01',
      'e2-2030,,,c1,s1,p1,student,,2080-08-01,',
    ),
  ],
  [
    'somebody who is staff, and under another id a parent with the same address',
    also('users.csv', 'par,,,true,s1,parent,,,Tess,Tutor,,,tess@hill.example,,,,,'),
  ],
])('%s: what is meant is the same school', async (_name, change) => {
  const { built, client, tenantId } = now();
  expect(change(plain)).not.toEqual(plain);
  await importFiles(change(plain));
  const model = await buildSchool(built.app.systemDb);
  const zipPath = await zipOf(plain);
  await importRoster(built.url, {
    tenantId: model.tenantId,
    source: { name: 'SIS' },
    zipPath,
    decision: 'apply',
  });
  expect(await picture()).toEqual(await describeSchool(client, model.tenantId));
  // Not only what is shown: a difference in what is kept would be found anew every night.
  const kept = await recordsOf(model.tenantId);
  expect(kept.size).toBeGreaterThan(9);
  const found = await recordsOf(tenantId);
  for (const [id, record] of kept) {
    if (found.has(id) || !id.startsWith('course')) expect(found.get(id), id).toEqual(record);
  }
});

async function recordsOf(tenantId: TenantId): Promise<Map<string, unknown>> {
  const { rows } = await now().client.query<{ id: string; data: unknown }>(
    `select entity || ' ' || sourced_id as id, data from external_refs where tenant_id = $1 and ended_at is null`,
    [uuidFromId('tenant', tenantId)],
  );
  return new Map(rows.map(({ id, data: record }) => [id, record]));
}

test('who has neither a name to sign in with nor an address, nor an organisation that is known, is a person all the same', async () => {
  await importFiles(
    also(
      'users.csv',
      'p3,,,true,nowhere,student,,,Poe,Pupil,,,,,,nobody,,',
    )(also('enrollments.csv', 'e4,,,c1,s1,p3,student,,,')(plain)),
  );
  const seen = await picture();
  expect(seen).toContain('user Poe Pupil active - -');
  expect(seen).toContain('member Poe Pupil student Algebra');
});

test('a class of a department, and one of a school whose parent is unknown, stand where they belong', async () => {
  await importFiles(
    also(
      'orgs.csv',
      'dep,,,Sciences,department,,s1',
      'lost,,,Lost School,school,,nowhere',
    )(
      also(
        'classes.csv',
        'c2,,,Physics,,,P1,scheduled,,dep,year,,,',
        'c3,,,Art,,,A9,scheduled,,lost,year,,,',
      )(plain),
    ),
  );
  const seen = await picture();
  expect(seen).toContain('class Physics in Sciences true');
  expect(seen).toContain('class Art in Lost School true');
  expect(seen.some((line) => /^group Sciences under Hill School/.test(line))).toBe(true);
});
