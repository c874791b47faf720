import { type AnyProcedure, isProcedure } from '@orpc/server';

export type ListedProcedure = { path: string; procedure: AnyProcedure };

/** Every procedure of a router with its path, found by walking what is served, so that none can be forgotten. */
export function listProcedures(node: unknown, path: string[] = []): ListedProcedure[] {
  if (isProcedure(node)) return [{ path: path.join('.'), procedure: node }];
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, child]) => listProcedures(child, [...path, name]));
}
