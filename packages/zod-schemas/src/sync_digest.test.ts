import { expect, test } from 'vitest';
import { TableDigest } from './sync_digest';

function digestOf(...rows: [rev: number, wire: unknown[]][]): string {
  const digest = new TableDigest();
  for (const [rev, wire] of rows) digest.add(rev, wire);
  return digest.value.hash;
}

test('the order of rows does not count, everything in them does', () => {
  const one: [number, unknown[]] = [1, ['a', 'maths', null]];
  const two: [number, unknown[]] = [4, ['b', 'physics', { depth: [1, 2] }]];
  const both = digestOf(one, two);
  expect(digestOf(two, one)).toBe(both);
  expect(digestOf(one)).not.toBe(both);
  expect(digestOf(one, [5, two[1]])).not.toBe(both);
  expect(digestOf(one, [4, ['b', 'physics', { depth: [2, 1] }]])).not.toBe(both);
  expect(digestOf(one, one, two)).not.toBe(both);
});

test('columns that change places between rows are noticed', () => {
  expect(digestOf([1, ['a', 'x']], [1, ['b', 'y']])).not.toBe(digestOf([1, ['a', 'y']], [1, ['b', 'x']]));
});

test('ten thousand rows of which one letter differs have different digests', () => {
  const rows = Array.from({ length: 10_000 }, (_, at): [number, unknown[]] => [1, [`row ${at}`, 'text']]);
  const before = digestOf(...rows);
  const seen = new Set([before]);
  for (let at = 0; at < 10_000; at += 997) {
    seen.add(digestOf(...rows.with(at, [1, [`row ${at}`, 'texT']])));
  }
  expect(seen.size).toBe(12);
});
