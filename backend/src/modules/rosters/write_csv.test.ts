import { expect, test } from 'vitest';
import { writeCsv } from './write_csv';

test.each(['=cmd|calc', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('a cell %j is no formula', (text) => {
  expect(writeCsv([[text]])).toBe(`"'${text}"\r\n`);
});

test('quotes, commas and ends of lines stay inside their cell', () => {
  expect(writeCsv([['a "b", c\nd', 'e']])).toBe('"a ""b"", c\nd","e"\r\n');
});
