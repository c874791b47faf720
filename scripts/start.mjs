import './check_node.mjs';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { buildBackend, buildFrontend } from './build.mjs';
import { installDependencies } from './install.mjs';
import { keepPostgres } from './keep_postgres.mjs';
import { keepRunning } from './keep_running.mjs';
import { report } from './report.mjs';
import { root } from './run_command.mjs';
import { watchParent } from './watch_parent.mjs';

// `npm start`, and `yarn dev` with --dev: from a fresh clone to a served page. Order matters at the end: the
// server is given its time to finish before PostgreSQL goes.

const dev = process.argv.includes('--dev');
const inspect = process.argv.includes('--inspect');

/** A Ctrl-C reaches us twice: from the terminal, and handed on by npm a moment later. */
const sameKeypressMs = 1_000;

/** @type {import('./keep_running.mjs').Kept[]} */
const kept = [];
/** @type {{ stop(): Promise<void> } | undefined} */
let postgres;
let stoppingSince = 0;

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    if (!stoppingSince) {
      stoppingSince = Date.now();
      console.log('');
      void stopEverything(0);
    } else if (Date.now() - stoppingSince > sameKeypressMs) {
      for (const each of kept) each.kill();
    }
  });
}

watchParent(() => {
  if (!stoppingSince) void stopEverything(0);
});

try {
  await start();
} catch (error) {
  console.error(`\n${error.message}`);
  await stopEverything(1);
}

async function start() {
  console.log('Raptscallions');
  const envFile = path.join(root, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const dataDir = path.resolve(root, process.env.RAPT_DATA_DIR || '.data');
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (cause) {
    throw new Error(`The data folder ${dataDir} cannot be made: ${cause.message}`, { cause });
  }

  await installDependencies();
  // PostgreSQL's keeper is part of the backend's bundle; the web app may take its time beside it.
  if (!dev) await buildBackend();
  const [database] = await Promise.all([findDatabase(dataDir), dev ? undefined : buildFrontend()]);
  if (stoppingSince) return;

  const port = Number(process.env.PORT || 3000);
  const env = {
    ...process.env,
    ROLE: process.env.ROLE || 'all',
    HOST: process.env.HOST || '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: database,
    RAPT_DATA_DIR: dataDir,
    RAPT_FRONTEND_DIR: path.join(root, 'frontend', 'dist'),
    RAPT_MODULES_DIR: process.env.RAPT_MODULES_DIR || path.join(root, 'modules'),
  };
  if (dev) startHalves(env, port);
  else
    kept.push(
      keepRunning('server', ['--enable-source-maps', path.join(root, 'backend/dist/main.js')], {
        env,
        giveUp,
      }),
    );
}

/** @param {string} dataDir */
async function findDatabase(dataDir) {
  if (process.env.DATABASE_URL) {
    report('PostgreSQL', 'the one DATABASE_URL names');
    return process.env.DATABASE_URL;
  }
  const keeper = await keepPostgres({ dataDir, dev });
  postgres = keeper;
  return keeper.databaseUrl;
}

/**
 * Both halves with hot reload: vite answers on the port and hands what is not its own to the server beside it.
 * @param {NodeJS.ProcessEnv & { HOST: string }} env
 * @param {number} port
 */
function startHalves(env, port) {
  const backendPort = String(port + 1);
  const tsx = [
    'node_modules/tsx/dist/cli.mjs',
    'watch',
    '--clear-screen=false',
    ...(inspect ? ['--inspect'] : []),
  ];
  const backendEnv = { ...env, PORT: backendPort, PUBLIC_URL: env.PUBLIC_URL || `http://localhost:${port}` };
  kept.push(keepRunning('server', [...tsx, 'backend/src/main.ts'], { env: backendEnv, giveUp }));
  const vite = [path.join(root, 'node_modules/vite/bin/vite.js'), '--port', String(port), '--strictPort'];
  kept.push(
    keepRunning('vite', [...vite, '--host', env.HOST], {
      env: { ...env, BACKEND_URL: `http://127.0.0.1:${backendPort}` },
      cwd: path.join(root, 'frontend'),
      giveUp,
    }),
  );
}

function giveUp() {
  void stopEverything(1);
}

/** @param {number} code our own exit code */
async function stopEverything(code) {
  stoppingSince ||= Date.now();
  const startedAt = performance.now();
  await Promise.all(kept.map((each) => each.stop()));
  await postgres?.stop();
  if (postgres || kept.length > 0) report('stopped', '', startedAt);
  process.exit(code);
}
