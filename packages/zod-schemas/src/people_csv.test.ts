import { expect, test } from 'vitest';
import { readPeopleCsv } from './people_csv';
import { newId } from './rich_id';

const school = { groupId: newId('group'), name: 'Alder Row School' };
const read = (text: string, known: string[] = []) => readPeopleCsv(text, [school], new Set(known));

test('columns stand in any order, roles are read as people write them, and a mark at the beginning is skipped', () => {
  const { rows, problems } = read(
    '\ufeffrole,email,room,name,group\r\nTEACHER,A.B@School.example,12,"Bell, Ada",alder row school\r\npupil,c@school.example,,Cy,Alder Row School\r\n',
  );
  expect(problems).toEqual([]);
  expect(rows).toMatchObject([
    { line: 2, name: 'Bell, Ada', email: 'a.b@school.example', role: 'teacher', groupId: school.groupId },
    { line: 3, name: 'Cy', role: 'student' },
  ]);
});

test('each row that cannot be used is named with its line, column and why, and the others are taken', () => {
  const { rows, problems } = read(
    [
      'name,email,group,role',
      ',a@school.example,Alder Row School,pupil',
      'B,not an address,Alder Row School,pupil',
      'C,c@school.example,Elsewhere,pupil',
      'D,d@school.example,Alder Row School,king',
      'E,e@school.example,Alder Row School,pupil',
      'E again,E@school.example,Alder Row School,pupil',
      'F,f@school.example,Alder Row School,pupil',
    ].join('\n'),
    ['f@school.example'],
  );
  expect(rows.map(({ line }) => line)).toEqual([6]);
  expect(problems.map(({ line, column }) => [line, column])).toEqual([
    [2, 'name'],
    [3, 'email'],
    [4, 'group'],
    [5, 'role'],
    [7, 'email'],
    [8, 'email'],
  ]);
});

test.each([
  ['no head', 'Ada,a@school.example', 'The first line must name name, group, role, email or username.'],
  ['an open quote', 'name,email,group,role\n"Ada', 'This is not a CSV file'],
  ['nothing', '', 'The first line must name'],
])('a file with %s is refused in words', (_, text, problem) => {
  const { rows, problems } = read(text);
  expect(rows).toEqual([]);
  expect(problems[0]?.problem).toContain(problem);
});

test('people without an address are taken by their user name, which nobody else has in any letters', () => {
  const { rows, problems } = read(
    [
      'name,email,username,group,role',
      'A,,Ada.B,Alder Row School,pupil',
      'B,b@school.example,bee,Alder Row School,teacher',
      'C,c@school.example,,Alder Row School,pupil',
      'D,,,Alder Row School,pupil',
      'E,,two words,Alder Row School,pupil',
      'F,,ADA.B,Alder Row School,pupil',
      'G,,known,Alder Row School,pupil',
    ].join('\n'),
    ['known'],
  );
  expect(rows.map(({ name, email, username }) => [name, email, username])).toEqual([
    ['A', undefined, 'ada.b'],
    ['B', 'b@school.example', 'bee'],
    ['C', 'c@school.example', undefined],
  ]);
  expect(problems.map(({ line, column }) => [line, column])).toEqual([
    [5, null],
    [6, 'username'],
    [7, 'username'],
    [8, 'username'],
  ]);
});

test('a file of user names needs no column of addresses', () => {
  const { rows } = read('name,username,group,role\nAda,ada,Alder Row School,pupil');
  expect(rows).toMatchObject([{ name: 'Ada', email: undefined, username: 'ada' }]);
});

const many = (people: number) =>
  [
    'name,username,group,role',
    ...Array.from({ length: people }, (_, at) => `P,p${at}0,Alder Row School,pupil`),
  ].join('\n');

test('2,000 people are taken at once, and one more is refused with the number there is', () => {
  expect(read(many(2_000)).rows).toHaveLength(2_000);
  const { rows, problems } = read(many(2_001));
  expect(rows).toEqual([]);
  expect(problems[0]?.problem).toContain('2001 people');
});

test.each([';', '\t', ','])(
  'columns may stand apart by %j, and the other marks stay in the names',
  (mark) => {
    const other = mark === ';' ? ',' : ';';
    const text = [
      ['\ufeffname', 'username', 'group', 'role'],
      [`Bell${other} Ada`, 'ada', 'Alder Row School', 'pupil'],
    ];
    const { rows, problems } = read(text.map((cells) => cells.join(mark)).join('\r\n'));
    expect(problems).toEqual([]);
    expect(rows).toMatchObject([{ name: `Bell${other} Ada`, username: 'ada' }]);
  },
);

test('a file that is no UTF-8 is refused, rather than kept with holes in its names', () => {
  const bytes = Uint8Array.from([...new TextEncoder().encode('name,username,group,role\nZo'), 0xeb]);
  const { rows, problems } = read(`${new TextDecoder().decode(bytes)},zoe,Alder Row School,pupil`);
  expect(rows).toEqual([]);
  expect(problems[0]?.problem).toContain('CSV UTF-8');
});

test('why a user name cannot be one is said, and of an address that it is taken, not by whom or how', () => {
  const { problems } = read(
    [
      'name,email,username,group,role',
      'A,,a,Alder Row School,pupil',
      'B,,b c,Alder Row School,pupil',
      'D,d@school.example,,Alder Row School,pupil',
    ].join('\n'),
    ['d@school.example'],
  );
  expect(problems.map(({ problem }) => problem)).toEqual([
    '“a” cannot be a user name. Take 2 letters or more.',
    '“b c” cannot be a user name. A user name has no blanks and no @: that would be an e-mail address.',
    'Somebody has the address d@school.example already.',
  ]);
});

test('a name is never cut: one that is longer than a name may be is named with its line', () => {
  const [longest, tooLong] = ['n'.repeat(100), 'n'.repeat(101)];
  const { rows, problems } = read(
    [
      'name,email,username,group,role',
      `${longest},,ada,Alder Row School,pupil`,
      `${tooLong},,bee,Alder Row School,pupil`,
    ].join('\n'),
  );
  expect(rows.map(({ name }) => name)).toEqual([longest]);
  expect(problems).toEqual([
    { line: 3, column: 'name', problem: 'The name has 101 letters; a name has 100 at the most.' },
  ]);
});
