import { expect, test } from 'vitest';
import { listProcedures } from '../test/list_procedures';
import { userAppRouter } from './user_app.router';

const found = listProcedures(userAppRouter).map(({ path, procedure }) => {
  const definition = procedure['~orpc'];
  const meta: Record<string, unknown> = { ...definition.meta };
  return { path, access: meta.access, hasOutput: definition.outputSchema !== undefined };
});

test('the walk finds the procedures', () => {
  expect(found.length).toBeGreaterThan(20);
  expect(found.map(({ path }) => path)).toContain('sync.push');
});

test.each(found)('$path declares who may call it, and what it answers', ({ access, hasOutput }) => {
  expect(access).toMatch(/^(public|protected|sensitive)$/);
  expect(hasOutput).toBe(true);
});

test('what anybody may call is a short list that somebody has read', () => {
  expect(found.filter(({ access }) => access === 'public').map(({ path }) => path)).toEqual([
    'signInPage',
    'setUp',
    'auth.requestReset',
    'auth.readLink',
    'auth.redeemLink',
  ]);
});
