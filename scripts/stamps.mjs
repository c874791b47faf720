import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './run_command.mjs';

const ignoredFolders = new Set(['node_modules', 'dist', '.types']);
/** They go with node_modules, so a fresh install makes everything anew. */
const stampFolder = path.join(root, 'node_modules', '.raptscallions');

/**
 * Hashes files and whole folders by content: modification times lie after a clone, a copy or a branch change.
 * Tests are left out, since nothing that is built contains them.
 * @param {string[]} inputs files and folders, from the root
 */
export function hashInputs(inputs) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const input of inputs) {
    for (const file of listFiles(path.join(root, input))) {
      hash.update(`\0${path.relative(root, file)}\0`).update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

/** @param {string} name @param {string} hash */
export function isFresh(name, hash) {
  const stamp = path.join(stampFolder, name);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

/** Forgets the stamp before the work begins: what is interrupted counts as not done. @param {string} name */
export function clearStamp(name) {
  rmSync(path.join(stampFolder, name), { force: true });
}

/** @param {string} name @param {string} hash */
export function writeStamp(name, hash) {
  mkdirSync(stampFolder, { recursive: true });
  writeFileSync(path.join(stampFolder, name), hash);
}

/** @param {string} place @returns {string[]} */
function listFiles(place) {
  if (!existsSync(place)) return [];
  let entries;
  try {
    entries = readdirSync(place, { withFileTypes: true });
  } catch {
    return [place];
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = path.join(place, entry.name);
      if (entry.isDirectory()) return ignoredFolders.has(entry.name) ? [] : listFiles(inside);
      return /\.test(-d)?\.tsx?$/.test(entry.name) ? [] : [inside];
    });
}
