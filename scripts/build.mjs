import './check_node.mjs';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { report } from './report.mjs';
import { installedProgram, root, runCommand } from './run_command.mjs';
import { clearStamp, hashInputs, isFresh, writeStamp } from './stamps.mjs';

const shared = ['packages', 'yarn.lock', 'package.json', 'tsconfig.base.json', 'scripts/build.mjs'];
const backendInputs = ['backend/src', 'backend/package.json', ...shared];
const frontendInputs = [
  'frontend/src',
  'frontend/public',
  'frontend/index.html',
  'frontend/vite.config.ts',
  'frontend/package.json',
  ...shared,
];

/** Output name to source. All lie flat in backend/dist, so `import.meta.dirname` is that folder everywhere. */
const backendEntries = {
  main: 'backend/src/main.ts',
  postgres: 'backend/src/lib/embedded_postgres/cli.ts',
  db_setup: 'backend/src/db/setup.ts',
  sandbox_thread: 'backend/src/modules/hooks/sandbox_thread.ts',
};

/** Builds the server's bundle, unless it is up to date. @throws {Error} naming what does not compile */
export function buildBackend() {
  return buildIfStale('backend', backendInputs, 'backend/dist/main.js', bundleBackend);
}

/** Builds the web app, unless it is up to date. @throws {Error} with vite's own words */
export function buildFrontend() {
  return buildIfStale('frontend', frontendInputs, 'frontend/dist/index.html', async () => {
    const { code, output } = await runCommand(installedProgram('vite'), ['build'], {
      cwd: path.join(root, 'frontend'),
      // A NODE_ENV of the shell's would put React's development build into the bundle.
      env: { ...process.env, NODE_ENV: 'production' },
      quiet: true,
    });
    if (code !== 0) throw new Error(`The frontend does not build.\n${output}`);
  });
}

/**
 * @param {'backend' | 'frontend'} name
 * @param {string[]} inputs
 * @param {string} product a file that exists once it was built
 * @param {() => Promise<void>} build
 */
async function buildIfStale(name, inputs, product, build) {
  const startedAt = performance.now();
  const hash = hashInputs(inputs);
  if (isFresh(name, hash) && existsSync(path.join(root, product))) return report(name, 'built', startedAt);
  clearStamp(name);
  await build();
  writeStamp(name, hash);
  report(name, 'built anew', startedAt);
}

async function bundleBackend() {
  // Not at the top: this file is loaded before anything is installed.
  const esbuild = await import('esbuild');
  try {
    await esbuild.build({
      entryPoints: Object.entries(backendEntries)
        .filter(([, source]) => existsSync(path.join(root, source)))
        .map(([out, source]) => ({ out, in: path.join(root, source) })),
      outdir: path.join(root, 'backend', 'dist'),
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: true,
      logLevel: 'silent',
      plugins: [leavePackagesOutside(path.join(root, 'backend'))],
    });
  } catch (error) {
    const messages = await esbuild.formatMessages(error.errors ?? [], { kind: 'error' });
    throw new Error(`The backend does not build.\n${messages.join('\n') || error}`, { cause: error });
  } finally {
    // Its service process would otherwise stay for as long as the launcher does.
    await esbuild.stop();
  }
}

/**
 * npm packages stay imports, workspace packages (TypeScript sources) go into the bundle. Should such a package
 * mean another version of an npm package than the bundle would find at run time, that is an error.
 * @param {string} backend the folder whose node_modules the bundle sees
 * @returns {import('esbuild').Plugin}
 */
function leavePackagesOutside(backend) {
  return {
    name: 'leave packages outside',
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async ({ path: name, kind, resolveDir, pluginData }) => {
        if (kind === 'entry-point' || pluginData === 'inner' || name.startsWith('@raptscallions/'))
          return undefined;
        const [meant, found] = await Promise.all(
          [resolveDir, backend].map((from) =>
            build.resolve(name, { kind, resolveDir: from, pluginData: 'inner' }),
          ),
        );
        if (meant.path === found.path) return { path: name, external: true };
        const text = `"${name}" is ${meant.path} here but ${found.path || 'missing'} for the backend: use one version.`;
        return { errors: [{ text }] };
      });
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  try {
    await Promise.all([buildBackend(), buildFrontend()]);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
