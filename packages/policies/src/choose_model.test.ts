import { expect, test } from 'vitest';
import { chooseModel } from './choose_model';

test.each([
  ['without a list, what the tool asks for', 'big', [], 'big'],
  ['without a wish or a list, the installation’s own', undefined, [], 'own'],
  ['a list that does not name it refuses it', 'big', [['small']], null],
  ['every list must name it, also those above', 'big', [['big'], ['small']], null],
  ['a list may name many by their beginning', 'maker/big', [['maker/*']], 'maker/big'],
  ['the beginning counts to its end', 'makers/big', [['maker/*']], null],
  [
    'without a wish, the first of the nearest list that those above allow',
    undefined,
    [
      ['x/*', 'a', 'b'],
      ['b', 'own'],
    ],
    'b',
  ],
  ['an empty list allows nothing', undefined, [[]], null],
])('%s', (_, asked, lists, chosen) => {
  expect(chooseModel(asked, 'own', lists)).toBe(chosen);
});
