import { expect, test } from 'vitest';
import { formatMoney, readCount, readMoney } from './format_usage';

test('money is written in dollars, and what is below a cent not as nothing', () => {
  expect([0, 48, 12_345_678].map(formatMoney)).toEqual(['$0.00', '$0.000048', '$12.35']);
});

test.each([
  ['', null],
  ['12', 12_000_000],
  ['$1,200.5', 1_200_500_000],
  ['0.000048', 48],
  ['twelve', Number.NaN],
  ['-3', Number.NaN],
  ['1.2.3', Number.NaN],
])('the amount %j is read as %s micros', (text, micros) => {
  expect(readMoney(text)).toEqual(micros);
});

test.each([
  ['', null],
  ['1,000', 1_000],
  ['10 000', 10_000],
  ['0', Number.NaN],
  ['1.5', Number.NaN],
])('the count %j is read as %s', (text, count) => {
  expect(readCount(text)).toEqual(count);
});
