import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertPinnedPgTbus, locatePgTbus } from './pinned';

let copy: string;

beforeEach(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'rapt-pinned-'));
  for (const part of ['package.json', 'dist', 'migrations']) {
    cpSync(path.join(locatePgTbus(), part), path.join(copy, part), { recursive: true });
  }
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

test('the installed package is the pinned one', () => {
  expect(() => assertPinnedPgTbus()).not.toThrow();
  expect(() => assertPinnedPgTbus(copy)).not.toThrow();
});

test.each(['dist/index.js', 'migrations/2-tasks.sql'])('a changed %s is refused', (file) => {
  appendFileSync(path.join(copy, file), '\n');
  expect(() => assertPinnedPgTbus(copy)).toThrow(/were changed.*yarn install/);
});

test('another version is refused by name', () => {
  const manifest = path.join(copy, 'package.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('0.1.9', '1.0.0'));
  expect(() => assertPinnedPgTbus(copy)).toThrow(/pg-tbus 1\.0\.0 is installed/);
});
