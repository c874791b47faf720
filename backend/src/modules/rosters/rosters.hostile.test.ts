import { readFile, writeFile } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import { stored } from '../../db/stored_id';
import { useRosters } from '../../test/use_rosters';
import { importRoster } from './services/import_roster.service';
import { feedFiles, makeFeed } from './test/make_feed';

const { now, zipOf, importFiles, picture } = useRosters();
let built: ReturnType<typeof now>['built'];
let tenantId: ReturnType<typeof now>['tenantId'];
beforeEach(() => {
  ({ built, tenantId } = now());
});

const users = 'sourcedId,role\r\n';
test.each<[string, Record<string, string | Buffer>, string]>([
  ['a zip of something else', { 'readme.txt': 'hello' }, 'no OneRoster files'],
  ['a folder in the zip', { 'export/users.csv': users }, 'in a folder'],
  ['a path that leaves the zip', { '../users.csv': users }, 'unsafe'],
  [
    'another format',
    { 'schools.csv': 'a', 'students.csv': 'a', 'teachers.csv': 'a', 'sections.csv': 'a' },
    'Clever',
  ],
  [
    'a Microsoft School Data Sync export',
    { 'School.csv': 'a', 'Student.csv': 'a', 'Section.csv': 'a' },
    'School Data Sync',
  ],
  ['a Canvas export', { 'accounts.csv': 'a', 'terms.csv': 'a', 'sections.csv': 'a' }, 'Canvas'],
  ['Latin-1', { 'users.csv': Buffer.from(`${users}ren\u00e9,student\r\n`, 'latin1') }, 'UTF-8'],
  ['half a character at the end', { 'users.csv': Buffer.from([...Buffer.from(users), 0xc3]) }, 'UTF-8'],
  ['an endless line', { 'users.csv': `${users}${'y'.repeat(300_000)}` }, 'CSV'],
  ['a quote in the middle of a cell', { 'users.csv': `${users}a"b,student\r\n` }, 'CSV'],
  [
    'a manifest that is no text',
    { 'manifest.csv': Buffer.from([0, 1, 2, 255]), 'users.csv': users },
    'manifest.csv',
  ],
  ['UTF-16', { 'users.csv': Buffer.from(`\uFEFF${users}`, 'utf16le') }, 'UTF-8'],
  ['NUL characters', { 'users.csv': `${users}a\0b,student\r\n` }, 'NUL'],
  ['an unclosed quote', { 'users.csv': `${users}"a,${'x'.repeat(200_000)}` }, 'CSV'],
  [
    'a million columns',
    { 'users.csv': `${users}${Array.from({ length: 1_000_000 }, (_, at) => at).join(',')}\r\n` },
    'CSV',
  ],
  [
    'thousands of files',
    Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`${at}.csv`, users])),
    'holds 2000 files',
  ],
  [
    'a manifest without end',
    {
      'manifest.csv': `propertyName,value\r\n${Array.from({ length: 5_000 }, (_, at) => `x${at},y\r\n`).join('')}`,
      'users.csv': users,
    },
    'more rows than a manifest',
  ],
  ['a bomb', { 'users.csv': users + 'a'.repeat(20_000_000) }, 'grow'],
])('%s is refused with a sentence, and nothing is applied', async (_name, files, sentence) => {
  const before = await picture();
  await expect(importFiles(files)).rejects.toThrow(sentence);
  expect(await picture()).toEqual(before);
});

test('a file whose size the table of contents tells too small is not unpacked beyond it', async () => {
  const zipPath = await zipOf({ 'users.csv': users + 'p1,student\r\n'.repeat(5_000) });
  const bytes = await readFile(zipPath);
  // The sizes of the one entry, in the central directory and in the file's own head.
  const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  bytes.writeUInt32LE(100, central + 24);
  await writeFile(zipPath, bytes);
  const read = importRoster(built.url, { tenantId, source: { name: 'SIS' }, zipPath, decision: 'apply' });
  await expect(read).rejects.toThrow('cannot be read');
  expect((await picture()).filter((line) => line.startsWith('user '))).toEqual([]);
});

test.each<[string, (zip: Buffer) => Buffer, string]>([
  ['cut in the middle', (zip) => zip.subarray(0, Math.floor(zip.length / 2)), 'not a zip'],
  ['not a zip at all', () => Buffer.from('sourcedId,role'), 'not a zip'],
  ['of nothing', () => Buffer.alloc(0), 'not a zip'],
  ['changed in a byte of its data', (zip) => zip.fill(0xff, 60, 90), 'cannot be read'],
])('a file %s is refused with a sentence', async (_name, spoil, sentence) => {
  const zipPath = await zipOf(feedFiles(makeFeed(200)));
  await writeFile(zipPath, spoil(await readFile(zipPath)));
  const read = importRoster(built.url, { tenantId, source: { name: 'SIS' }, zipPath, decision: 'apply' });
  await expect(read).rejects.toThrow(sentence);
});

test('a byte order mark, blank lines, a last line without its end and lines broken in a cell are read', async () => {
  const rows = [
    'p1,student,"Two\nlines",s1',
    '',
    'p2,student,Plain,s1,"beyond\nthe\nheader"',
    'bad id!,student,X,s1',
  ].join('\r\n');
  const report = await importFiles({
    'orgs.csv': 'sourcedId,name,type\r\ns1,School,school\r\n',
    'users.csv': `\uFEFFsourcedId,role,"given\nName",orgSourcedIds\r\n${rows}`,
  });
  expect(report.counts).toMatchObject({ rows: 4, rejected: 1, 'user.add': 2 });
  const issues = await built.app.systemDb.rosterIssues
    .where(stored({ tenantId, rosterRunId: report.rosterRunId }))
    .select('fileName', 'line');
  expect(issues).toEqual([{ fileName: 'users.csv', line: 9 }]);
});
