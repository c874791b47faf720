import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { report } from './report.mjs';
import { root, runCommand } from './run_command.mjs';
import { clearStamp, hashInputs, isFresh, writeStamp } from './stamps.mjs';

const yarnPackage = '@yarnpkg/cli-dist@4.18.1';

/**
 * Brings the dependencies to what yarn.lock says, when they are not. Only npm has to be there: yarn comes
 * through npx.
 * @throws {Error} with yarn's own words when that fails
 */
export async function installDependencies() {
  const startedAt = performance.now();
  const hash = hashInputs(['yarn.lock', '.yarnrc.yml', ...listManifests()]);
  if (isFresh('install', hash)) return report('dependencies', 'installed', startedAt);
  clearStamp('install');
  report('dependencies', 'installing…');
  const { code, output } = await runYarn(['install', '--immutable'], { quiet: true });
  if (code !== 0) throw new Error(`The dependencies could not be installed.\n${output}`);
  writeStamp('install', hash);
  report('dependencies', 'installed', startedAt);
}

/**
 * @param {string[]} args
 * @param {{ quiet?: boolean }} [options]
 */
export function runYarn(args, options) {
  const env = { ...process.env, YARN_ENABLE_TELEMETRY: '0' };
  // npm knows the way to its registry, yarn does not read npm's settings: hand them over.
  if (env.npm_config_cafile) env.YARN_HTTPS_CA_FILE_PATH ??= env.npm_config_cafile;
  if (env.npm_config_registry) env.YARN_NPM_REGISTRY_SERVER ??= env.npm_config_registry.replace(/\/$/, '');
  return runCommand('npx', ['--yes', yarnPackage, ...args], { env, ...options });
}

/** The package.json of the root and of every workspace, from the root. */
function listManifests() {
  const { workspaces } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const folders = workspaces.flatMap((/** @type {string} */ pattern) =>
    pattern.endsWith('/*')
      ? readdirSync(path.join(root, pattern.slice(0, -2))).map((name) => `${pattern.slice(0, -2)}/${name}`)
      : [pattern],
  );
  return ['package.json', ...folders.sort().map((/** @type {string} */ folder) => `${folder}/package.json`)];
}
