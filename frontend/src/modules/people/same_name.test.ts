import { expect, test } from 'vitest';
import { sameName } from './same_name';

test('a name that looks the same is the same, however its letters and blanks are made', () => {
  expect(sameName('Zoë  Müller ', 'Zoe\u0308 Mu\u0308ller')).toBe(true);
  expect(sameName('Ada\u00a0Bell', 'Ada Bell')).toBe(true);
  expect(sameName('Ada Bel', 'Ada Bell')).toBe(false);
  expect(sameName('ada bell', 'Ada Bell')).toBe(false);
});
