import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../configs/config';

/**
 * The key that signs cookies: BETTER_AUTH_SECRET, or in development one that is made once and kept in the data
 * folder. Production without it does not get this far.
 */
export async function readAuthSecret(config: Config): Promise<string> {
  if (config.BETTER_AUTH_SECRET) return config.BETTER_AUTH_SECRET;
  const file = path.join(config.RAPT_DATA_DIR, 'auth-secret');
  await mkdir(config.RAPT_DATA_DIR, { recursive: true });
  // Written only if it is new: two processes that start together must end with the same one.
  await writeFile(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' }).catch(() => {});
  return (await readFile(file, 'utf8')).trim();
}
