import { expect, it } from 'vitest';
import { makePassword } from './make_password';

it('is three words and a number, long enough, and another one each time', () => {
  const made = Array.from({ length: 200 }, makePassword);
  for (const password of made) {
    expect(password).toMatch(/^[a-z]+-[a-z]+-[a-z]+-\d\d$/);
    expect(password.length).toBeGreaterThanOrEqual(8);
  }
  expect(new Set(made).size).toBe(200);
});
