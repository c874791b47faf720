import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
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
 * the binaries. What was decided once stays, so that data never seems to vanish because a mode changed.
 * @param dataDir Raptscallions' data folder, absolute
 * @param systemDir parent of the system folders, absolute
 * @param binaries as they were installed
 */
export function choosePlace(dataDir: string, systemDir: string, binaries: PostgresBinaries): Place {
  mkdirSync(dataDir, { recursive: true });
  const inside = path.join(dataDir, 'postgres');
  const locationFile = path.join(dataDir, 'postgres.location');

  const ownPlace = { clusterDir: inside, account: chooseServerAccount(path.join(inside, 'data')) };
  if (!ownPlace.account) return { ...ownPlace, binaries };
  const reachable = canEnter(dataDir, ownPlace.account);
  if (existsSync(inside) && !reachable) {
    throw new Error(
      `PostgreSQL's data is in ${inside}, where its account (uid ${ownPlace.account.uid}) can no longer reach it. ` +
        'Let others pass through the folders above it again (chmod o+x), or set RAPT_DATA_DIR.',
    );
  }
  const stayInside = existsSync(inside) || (reachable && !existsSync(locationFile));
  const place = stayInside ? ownPlace : goOutside(dataDir, systemDir, locationFile);
  const canUse = !place.account || canRun(binaries.initdb, place.account);
  return { ...place, binaries: canUse ? binaries : copyBinaries(binaries, systemDir) };
}

/**
 * The system folder, named after the checkout and remembered in the data folder. The name has a random part
 * rather than one made from the path: a new checkout must not find the data of a deleted one.
 */
function goOutside(dataDir: string, systemDir: string, locationFile: string): Omit<Place, 'binaries'> {
  if (!existsSync(locationFile)) {
    const name = path.basename(path.basename(dataDir).startsWith('.') ? path.dirname(dataDir) : dataDir);
    const folder = `${name.replaceAll(/[^\w.-]/g, '_')}-${randomBytes(6).toString('hex')}`;
    const draft = `${locationFile}.${folder}`;
    writeFileSync(draft, path.join(systemDir, folder, 'postgres'));
    try {
      // Whole or not at all, and only once: of two first starts the second goes where the first went.
      linkSync(draft, locationFile);
    } catch (error) {
      if (!existsSync(locationFile)) throw error;
    } finally {
      rmSync(draft);
    }
  }
  const clusterDir = readFileSync(locationFile, 'utf8').trim();
  makePublicFolder(systemDir);
  makePublicFolder(path.dirname(clusterDir));
  return { clusterDir, account: chooseServerAccount(path.join(clusterDir, 'data')) };
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
