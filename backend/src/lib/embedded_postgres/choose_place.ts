import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { binariesIn, type PostgresBinaries } from './locate_binaries';
import { canEnter, canRun, chooseServerAccount, type ServerAccount } from './server_account';

/** Where a server's parts stand and who runs it. */
export interface Place {
  /** Holds `data` (the database's own), `credentials.json`, `port` and `server.log`. */
  clusterDir: string;
  binaries: PostgresBinaries;
  account: ServerAccount | undefined;
}

/**
 * Decides where the server stands. Inside our own data folder wherever its account can reach that; else
 * (root with a checkout under a home of mode 0700) in a system folder named after the checkout, with a copy of
 * the binaries. A cluster that exists already is used where it is, so that data never seems to vanish because
 * a mode changed.
 * @param dataDir Raptscallions' data folder, absolute
 * @param systemDir parent of the system folders, absolute
 * @param binaries as they were installed
 */
export function choosePlace(dataDir: string, systemDir: string, binaries: PostgresBinaries): Place {
  mkdirSync(dataDir, { recursive: true });
  const inside = path.join(dataDir, 'postgres');
  const outside = path.join(systemDir, nameAfter(dataDir), 'postgres');

  const insideAccount = chooseServerAccount(path.join(inside, 'data'));
  if (!insideAccount) return { clusterDir: inside, binaries, account: undefined };

  const reachable = canEnter(dataDir, insideAccount);
  if (existsSync(inside) && !reachable) {
    throw new Error(
      `PostgreSQL's data is in ${inside}, where its account (uid ${insideAccount.uid}) can no longer reach it. ` +
        'Let others pass through the folders above it again (chmod o+x), or set RAPT_DATA_DIR.',
    );
  }
  const useInside = existsSync(inside) || (reachable && !existsSync(outside));
  const clusterDir = useInside ? inside : outside;
  if (!useInside) {
    makePublicFolder(systemDir);
    makePublicFolder(path.dirname(clusterDir));
    writeFileSync(path.join(dataDir, 'postgres.location'), `${clusterDir}\n`);
  }
  const account = useInside ? insideAccount : chooseServerAccount(path.join(outside, 'data'));
  return {
    clusterDir,
    account,
    binaries: !account || canRun(binaries.initdb, account) ? binaries : copyBinaries(binaries, systemDir),
  };
}

/** The checkout's name and a hash of the data folder's path: readable, and different for every data folder. */
function nameAfter(dataDir: string): string {
  const isDefault = path.basename(dataDir).startsWith('.');
  const name =
    path.basename(isDefault ? path.dirname(dataDir) : dataDir).replaceAll(/[^\w.-]/g, '_') || 'root';
  return `${name}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`;
}

function copyBinaries(binaries: PostgresBinaries, systemDir: string): PostgresBinaries {
  makePublicFolder(systemDir);
  const target = path.join(systemDir, `binaries-${binaries.version}`);
  if (!existsSync(target)) {
    // Renamed into place when complete: a start that was killed half-way leaves no half server behind.
    const unfinished = mkdtempSync(`${target}.unfinished-`);
    cpSync(binaries.nativeDir, unfinished, { recursive: true, verbatimSymlinks: true });
    for (const file of readdirSync(unfinished, { recursive: true, withFileTypes: true })) {
      if (file.isSymbolicLink()) continue;
      const name = path.join(file.parentPath, file.name);
      chmodSync(name, file.isDirectory() || statSync(name).mode & 0o100 ? 0o755 : 0o644);
    }
    chmodSync(unfinished, 0o755);
    try {
      renameSync(unfinished, target);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    }
  }
  return binariesIn(target, binaries.version);
}

/** A folder others may pass through, whatever root's umask says. */
function makePublicFolder(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
}
