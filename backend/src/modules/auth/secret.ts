import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../configs/config';

const leastLength = 32;

/**
 * The key that signs cookies: BETTER_AUTH_SECRET, or in development one that is made once and kept in the data
 * folder, so that a restart signs nobody out.
 * @throws Error when production has none, or the file holds none
 */
export async function readAuthSecret(
  config: Pick<Config, 'NODE_ENV' | 'RAPT_DATA_DIR'> & Partial<Pick<Config, 'BETTER_AUTH_SECRET'>>,
): Promise<string> {
  if (config.BETTER_AUTH_SECRET) return config.BETTER_AUTH_SECRET;
  if (config.NODE_ENV === 'production') throw new Error('BETTER_AUTH_SECRET must be set in production');
  const file = path.resolve(config.RAPT_DATA_DIR, 'auth-secret');
  const secret = (await readIfThere(file)) ?? (await makeSecret(file));
  if (secret.length < leastLength) {
    throw new Error(`${file} should hold ${leastLength} characters or more: delete it to have it made anew`);
  }
  return secret;
}

async function makeSecret(file: string): Promise<string> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  try {
    // A link appears complete or not at all, so two processes that start together end with the same secret.
    await link(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
  return (await readFile(file, 'utf8')).trim();
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
