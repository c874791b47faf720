import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const pinnedVersion = '0.1.9';
const pinnedHash = 'd996fc441245fb95f100dcd3ca7f89ce6a4aef27532990651bcbc93ba6d5b264';

/**
 * Refuses to go on with any pg-tbus but the one this layer was written for: we know its statements by their
 * text and rely on when it sends them, so another version could lose tasks in silence.
 * @param folder the package's folder; only tests give it
 * @throws Error that says what was found and what to do
 */
export function assertPinnedPgTbus(folder: string = locatePgTbus()): void {
  const manifest: unknown = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest && 'version' in manifest ? manifest.version : undefined;
  const advice = `The queue works with pg-tbus ${pinnedVersion} exactly: run \`yarn install --immutable\`.`;
  if (version !== pinnedVersion) throw new Error(`pg-tbus ${version} is installed. ${advice}`);
  if (hashPgTbus(folder) !== pinnedHash) {
    throw new Error(`The files of pg-tbus ${version} in ${folder} were changed. ${advice}`);
  }
}

/** SHA-256 over what runs: the code Node loads and the migrations it applies. */
function hashPgTbus(folder: string): string {
  const migrations = readdirSync(path.join(folder, 'migrations')).sort();
  const hash = createHash('sha256');
  for (const file of ['dist/index.js', ...migrations.map((name) => `migrations/${name}`)]) {
    hash.update(`${file}\n`).update(readFileSync(path.join(folder, file)));
  }
  return hash.digest('hex');
}

/** The package's folder, as Node finds it from here. */
export function locatePgTbus(): string {
  return path.dirname(path.dirname(createRequire(import.meta.url).resolve('pg-tbus')));
}
