import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../backend/src/lib/embedded_postgres/start_embedded_postgres';
import { freePort } from '../../../backend/src/test/free_port';

/** What is written into the folder in which Zero is installed, for its server and its clients to load from there. */
const schemaFile = 'bench_schema.mjs';
const schemaText = `import { ANYONE_CAN, createSchema, definePermissions, string, table } from '@rocicorp/zero';
const classes = table('classes')
  .columns({ tenant_id: string(), class_id: string(), subject: string() })
  .primaryKey('class_id');
export { Zero } from '@rocicorp/zero';
export const schema = createSchema({
  tables: [classes],
  relationships: [],
  enableLegacyQueries: true,
  enableLegacyMutators: true,
});
export const permissions = definePermissions(schema, () => ({ classes: { row: { select: ANYONE_CAN } } }));
`;
const databases = ['bench', 'bench_views', 'bench_changes'] as const;
const patienceMs = 60_000;

export type ZeroServer = {
  url: string;
  version: string;
  /** the table Zero's clients read: `classes` */
  databaseUrl: string;
  schemaPath: string;
  stop(): Promise<void>;
};

/**
 * Zero's own server over a PostgreSQL of ours that replicates logically.
 * @param folder where `npm install @rocicorp/zero` was run; it is no dependency of ours: 250 MB, and one part is compiled
 * @param classIds the rows there are
 */
export async function startZeroServer(folder: string, classIds: string[]): Promise<ZeroServer> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'rapt-zero-'));
  const settings = { wal_level: 'logical', max_wal_senders: '20', max_replication_slots: '20' };
  const postgres = await startEmbeddedPostgres({ dataDir, canCreateDatabases: true, settings });
  const { superuserPassword }: { superuserPassword: string } = JSON.parse(
    readFileSync(path.join(postgres.clusterDir, 'credentials.json'), 'utf8'),
  );
  const urlOf = (database: string) =>
    `postgres://postgres:${superuserPassword}@127.0.0.1:${postgres.port}/${database}`;
  const query = async (database: string, text: string, values: unknown[] = []) => {
    const client = new pg.Client({ connectionString: urlOf(database) });
    await client.connect();
    await client.query(text, values).finally(() => client.end());
  };
  for (const database of databases) await query('postgres', `create database ${database}`);
  const [upstream, views, changes] = databases;
  await query(
    upstream,
    'create table classes (tenant_id text not null, class_id text primary key, subject text not null)',
  );
  await query(upstream, `insert into classes select 'bench', id, 'none' from unnest($1::text[]) id`, [
    classIds,
  ]);

  const schemaPath = path.join(folder, schemaFile);
  writeFileSync(schemaPath, schemaText);
  const port = await freePort();
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    DO_NOT_TRACK: '1',
    ZERO_ENABLE_TELEMETRY: 'false',
    ZERO_UPSTREAM_DB: urlOf(upstream),
    ZERO_CVR_DB: urlOf(views),
    ZERO_CHANGE_DB: urlOf(changes),
    ZERO_REPLICA_FILE: path.join(dataDir, 'replica.db'),
    ZERO_PORT: String(port),
    ZERO_ADMIN_PASSWORD: 'bench',
    ZERO_AUTH_SECRET: 'of nobody but this measurement',
    ZERO_LOG_LEVEL: 'warn',
    ZERO_NUM_SYNC_WORKERS: '2',
  };
  const bin = path.join(folder, 'node_modules/.bin');
  const installed = path.join(folder, 'node_modules/@rocicorp/zero/package.json');
  const { version }: { version: string } = JSON.parse(readFileSync(installed, 'utf8'));
  execFileSync(path.join(bin, 'zero-deploy-permissions'), ['-p', schemaFile], {
    cwd: folder,
    env,
    stdio: 'ignore',
  });
  const log = openSync(path.join(dataDir, 'zero.log'), 'w');
  const server = spawn(path.join(bin, 'zero-cache'), { cwd: folder, env, stdio: ['ignore', log, log] });
  const stop = async () => {
    await endProcess(server);
    await postgres.stop();
    for (const place of [schemaPath, dataDir, postgres.clusterDir])
      rmSync(place, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  for (const until = Date.now() + patienceMs; ; await sleep(200)) {
    const answer = await fetch(url).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) break;
    if (server.exitCode === null && Date.now() < until) continue;
    const said = readFileSync(path.join(dataDir, 'zero.log'), 'utf8').slice(-2_000);
    await stop();
    throw new Error(`Zero did not start: ${said}`);
  }
  return { url, version, databaseUrl: urlOf(upstream), schemaPath, stop };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const cutOff = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(cutOff);
}
