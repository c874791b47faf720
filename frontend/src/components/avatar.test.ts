import { expect, it } from 'vitest';
import { initials } from './Avatar';

it('takes the first letters of the first and the last word', () => {
  expect(initials('Imelda Okafor')).toBe('IO');
  expect(initials('Mateo Álvarez de la Cruz')).toBe('MC');
  expect(initials('Cher')).toBe('C');
  expect(initials('')).toBe('');
  expect(initials('李 小龙')).toBe('李小');
});
