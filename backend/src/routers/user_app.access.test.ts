import { isProcedure } from '@orpc/server';
import { expect, test } from 'vitest';
import { userAppRouter } from './user_app.router';

type Found = { path: string; access: unknown; hasOutput: boolean };

/** Walks the router as it is served, so that a procedure cannot be forgotten in a list. */
function procedures(node: unknown, path: string[] = []): Found[] {
  if (isProcedure(node)) {
    const definition = node['~orpc'];
    const meta: Record<string, unknown> = { ...definition.meta };
    return [{ path: path.join('.'), access: meta.access, hasOutput: definition.outputSchema !== undefined }];
  }
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, child]) => procedures(child, [...path, name]));
}

const found = procedures(userAppRouter);

test('the walk finds the procedures', () => {
  expect(found.length).toBeGreaterThan(20);
  expect(found.map(({ path }) => path)).toContain('sync.push');
});

test.each(found)('$path declares who may call it, and what it answers', ({ access, hasOutput }) => {
  expect(access).toMatch(/^(public|protected|sensitive)$/);
  expect(hasOutput).toBe(true);
});

test('what anybody may call is a short list that somebody has read', () => {
  expect(found.filter(({ access }) => access === 'public').map(({ path }) => path)).toEqual(['signInPage']);
});
