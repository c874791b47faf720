import { expect, test } from 'vitest';
import { writeCsv } from './write_csv';

const cell = (text: string) => writeCsv(['a'], [[text]]).split('\r\n')[1];

test('rows end as RFC 4180 says, and begin with the mark of UTF-8', () => {
  expect(
    writeCsv(
      ['Name', 'Calls'],
      [
        ['Zoë', 3],
        [null, -1.5],
      ],
    ),
  ).toBe('\ufeffName,Calls\r\nZoë,3\r\n,-1.5\r\n');
});

test.each([
  ['a comma, quote or break is quoted', 'a,"b"\nc', '"a,""b""\nc"'],
  ['plain text stays', 'Essay Coach 2', 'Essay Coach 2'],
])('%s', (_, text, written) => {
  expect(writeCsv(['a'], [[text]])).toBe(`\ufeffa\r\n${written}\r\n`);
});

test.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  ' =1',
  '\t=1',
  '\u00a0@a',
  '＝1',
  '|cmd',
  '%0A=1',
  '\r=1',
  '\ufeff=1',
])('a formula is shown and not run: %j', (text) => {
  expect(cell(text)?.replace(/^"/, '').startsWith("'")).toBe(true);
});

test('numbers of our own may be negative', () => {
  expect(writeCsv(['a'], [[-1]])).toContain('\r\n-1\r\n');
});
