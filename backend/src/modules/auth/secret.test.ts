import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAuthSecret } from './secret';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rapt-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

const development = () => ({ NODE_ENV: 'development', RAPT_DATA_DIR: path.join(folder, 'data') }) as const;

test('a secret from the environment is used as it is, and nothing is written', async () => {
  expect(await readAuthSecret({ ...development(), BETTER_AUTH_SECRET: 'given' })).toBe('given');
  expect(await readdir(folder)).toEqual([]);
});

test('in development one is made, once, readable by its owner only', async () => {
  const secrets = await Promise.all(Array.from({ length: 5 }, () => readAuthSecret(development())));
  expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(secrets).size).toBe(1);
  expect(await readAuthSecret(development())).toBe(secrets[0]);
  const file = path.join(folder, 'data', 'auth-secret');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readFile(file, 'utf8')).trim()).toBe(secrets[0]);
  expect(await readdir(path.dirname(file))).toEqual(['auth-secret']);
});

test('production without a secret does not start', async () => {
  await expect(readAuthSecret({ ...development(), NODE_ENV: 'production' })).rejects.toThrow('must be set');
});

test('a file that holds too little is an error, not a weak secret', async () => {
  await writeFile(path.join(folder, 'auth-secret'), '\n');
  await expect(readAuthSecret({ NODE_ENV: 'test', RAPT_DATA_DIR: folder })).rejects.toThrow('delete it');
});
