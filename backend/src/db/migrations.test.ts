import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../test/database';
import { migrations } from './migrations';

test('every file in the folder is in the list of migrations', () => {
  const files = readdirSync(path.join(import.meta.dirname, 'migrations')).filter((file) => /^\d/.test(file));
  expect(Object.keys(migrations)).toEqual(files.sort().map((file) => `./migrations/${file}`));
});

test('after all migrations `db g` finds nothing to generate', async () => {
  const database = await createTestDatabase();
  try {
    const tsx = path.resolve(import.meta.dirname, '../../../node_modules/.bin/tsx');
    const { stdout, stderr } = await promisify(execFile)(tsx, ['src/db/cli.ts', 'g', 'nothing'], {
      cwd: path.resolve(import.meta.dirname, '../..'),
      env: { ...process.env, DATABASE_URL: database.url },
    });
    expect(`${stdout}${stderr}`).toContain('No changes were detected');
  } finally {
    await database.drop();
  }
});
