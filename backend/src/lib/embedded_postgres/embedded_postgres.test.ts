import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { choosePlace } from './choose_place';
import { choosePort } from './choose_port';
import { launchServer } from './launch_server';
import { binariesIn, locateBinaries } from './locate_binaries';
import { readPostmasterFile } from './postmaster_file';
import { runProgram } from './run_program';
import { canRun } from './server_account';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './start_embedded_postgres';

const announcementZod = z.object({ databaseUrl: z.string(), clusterDir: z.string(), again: z.boolean() });
const isRoot = process.getuid?.() === 0;
const workDir = mkdtempSync(path.join(tmpdir(), 'rapt-postgres-'));
// Root's server runs under another account, which has to get through here.
chmodSync(workDir, 0o755);
afterAll(() => rmSync(workDir, { recursive: true, force: true }));

let dataDir: string;
let running: EmbeddedPostgres[] = [];
let counter = 0;

beforeEach(() => {
  counter += 1;
  dataDir = path.join(workDir, `school-${counter}`);
});
afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  running = [];
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({
    dataDir,
    systemDir: path.join(workDir, 'system'),
    ...options,
  });
  running.push(server);
  return server;
}

async function query<Row extends pg.QueryResultRow>(databaseUrl: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

function postmasterPid(server: EmbeddedPostgres): number {
  const note = readPostmasterFile(path.join(server.clusterDir, 'data'));
  if (!note) throw new Error('The server left no note of its process.');
  return note.pid;
}

describe('a first start', () => {
  test('makes a database whose owner may create roles but is no superuser', async () => {
    const { databaseUrl, adopted } = await start();
    expect(adopted).toBe(false);
    const [role] = await query(
      databaseUrl,
      'select rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls from pg_roles where rolname = current_user',
    );
    expect(role).toEqual({
      rolname: 'rapt',
      rolsuper: false,
      rolcreaterole: true,
      rolcreatedb: false,
      rolbypassrls: false,
    });
    await query(databaseUrl, 'create table note (body text)');
    await query(databaseUrl, 'create role rapt_probe nologin');
  });

  test('has the extensions, in new databases too, and the settings we rely on', async () => {
    const { databaseUrl } = await start({ canCreateDatabases: true });
    const listExtensions = `select string_agg(extname, ' ' order by extname) as names
                            from pg_extension where extname <> 'plpgsql'`;
    const expected = [{ names: 'btree_gist citext ltree pg_trgm pgcrypto' }];
    expect(await query(databaseUrl, listExtensions)).toEqual(expected);
    await query(databaseUrl, 'create database rapt_copy');
    expect(await query(databaseUrl.replace(/rapt$/, 'rapt_copy'), listExtensions)).toEqual(expected);
    expect(
      await query(
        databaseUrl,
        `select current_setting('wal_level') as wal, current_setting('max_connections') as connections,
                current_setting('listen_addresses') as address, datlocprovider as provider, datlocale as locale
         from pg_database where datname = current_database()`,
      ),
    ).toEqual([
      { wal: 'logical', connections: '200', address: '127.0.0.1', provider: 'b', locale: 'C.UTF-8' },
    ]);
  });

  test('lets nobody in without the password, which only its owner can read', async () => {
    const { databaseUrl, clusterDir } = await start();
    const guessed = new URL(databaseUrl);
    guessed.password = 'rapt';
    await expect(query(guessed.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    guessed.password = '';
    await expect(query(guessed.href, 'select 1')).rejects.toThrow(/password/);
    expect(statSync(path.join(clusterDir, 'credentials.json')).mode & 0o777).toBe(0o600);
    expect(existsSync(path.join(clusterDir, 'password'))).toBe(false);
  });

  test('done twice at the same moment gives one server', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(two.databaseUrl).toBe(one.databaseUrl);
    expect([one.adopted, two.adopted].sort()).toEqual([false, true]);
  });
});

describe('a later start', () => {
  test('keeps data, password and port', async () => {
    const first = await start();
    await query(first.databaseUrl, `create table note as select 'kept' as body`);
    await first.stop();
    const second = await start();
    expect(second.databaseUrl).toBe(first.databaseUrl);
    expect(await query(second.databaseUrl, 'select body from note')).toEqual([{ body: 'kept' }]);
  });

  test('takes another port when the remembered one is taken meanwhile', async () => {
    const first = await start();
    await first.stop();
    const intruder = createServer().listen(first.port, '127.0.0.1');
    await once(intruder, 'listening');
    try {
      const second = await start();
      expect(second.port).not.toBe(first.port);
      await query(second.databaseUrl, 'select 1');
    } finally {
      intruder.close();
    }
  });

  test('recovers after kill -9 of the server, with all that was committed', async () => {
    const first = await start();
    await query(first.databaseUrl, `create table note as select 'committed' as body`);
    process.kill(postmasterPid(first), 'SIGKILL');
    await first.gone;
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await query(second.databaseUrl, 'select body from note')).toEqual([{ body: 'committed' }]);
  });

  test('is not stopped by a stale note whose process id some other program has now', async () => {
    const first = await start();
    const note = path.join(first.clusterDir, 'data', 'postmaster.pid');
    const lines = readFileSync(note, 'utf8').split('\n');
    await first.stop();
    writeFileSync(note, [String(process.pid), ...lines.slice(1)].join('\n'));
    const second = await start();
    expect(second.adopted).toBe(false);
    await query(second.databaseUrl, 'select 1');
  });
});

describe('a server that runs already', () => {
  test('is stopped by the last of those who use it', async () => {
    const first = await start();
    const second = await start();
    expect(second.adopted).toBe(true);
    await first.stop();
    await query(second.databaseUrl, 'select 1');
    await second.stop();
    await second.gone;
    await expect(query(second.databaseUrl, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
    expect(existsSync(path.join(second.clusterDir, 'data', 'postmaster.pid'))).toBe(false);
  });
});

describe('a recovery that takes longer than failures are waited out', () => {
  /** A server with a base backup's signal, and nobody let in meanwhile, recovers until it is promoted. */
  async function recoverEndlessly() {
    const { clusterDir, stop } = await start();
    await stop();
    const dataDirectory = path.join(clusterDir, 'data');
    const place = choosePlace(dataDir, path.join(workDir, 'system'), locateBinaries());
    const signal = path.join(dataDirectory, 'standby.signal');
    writeFileSync(signal, '');
    if (place.account) chownSync(signal, place.account.uid, place.account.gid);
    const promote = () =>
      runProgram(place.binaries.pgCtl, ['promote', '-D', dataDirectory], {
        account: place.account,
        cwd: dataDirectory,
      });
    return { place, promote };
  }
  const settings = { hot_standby: 'off' };

  test('of somebody else’s is waited out, with a word every few seconds', async () => {
    const { place, promote } = await recoverEndlessly();
    await launchServer(place, await choosePort(place.clusterDir, undefined), settings);
    const told: string[] = [];
    const starting = start({ patienceMs: 100, tell: (sentence) => told.push(sentence) });
    await vi.waitUntil(() => told.length >= 2, { timeout: 60_000 });
    expect(told[1]).toMatch(
      /^PostgreSQL is not ready yet: the database system is .+\. Waiting since \d+ s\.$/,
    );
    await promote();
    const server = await starting;
    expect(server.adopted).toBe(true);
    await query(server.databaseUrl, 'select 1');
  });

  test('of one’s own is told likewise, and the server was not there before', async () => {
    const { promote } = await recoverEndlessly();
    const told: string[] = [];
    const starting = start({ settings, patienceMs: 100, tell: (sentence) => told.push(sentence) });
    await vi.waitUntil(() => told.length >= 1, { timeout: 60_000 });
    await promote();
    expect((await starting).adopted).toBe(false);
  });
});

describe('the keeper process', () => {
  async function keep() {
    const keeper = spawn(
      process.execPath,
      ['--import', 'tsx', path.join(import.meta.dirname, 'cli.ts'), '--data-dir', dataDir],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const ended = once(keeper, 'exit');
    const lines = createInterface({ input: keeper.stdout })[Symbol.asyncIterator]();
    const nextLine = async () => announcementZod.parse(JSON.parse((await lines.next()).value));
    return { keeper, nextLine, ended };
  }

  test('killed with -9 leaves the server to the next start, which joins it', async () => {
    const { keeper, nextLine, ended } = await keep();
    const { databaseUrl } = await nextLine();
    keeper.kill('SIGKILL');
    await ended;
    await query(databaseUrl, `create table note as select 'still there' as body`);
    const next = await start();
    expect(next.adopted).toBe(true);
    expect(next.databaseUrl).toBe(databaseUrl);
    await next.stop();
    await expect(query(databaseUrl, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  test('ends when its input does, and not by Ctrl-C or SIGTERM, nor does its server', async () => {
    const { keeper, nextLine, ended } = await keep();
    const { databaseUrl, clusterDir } = await nextLine();
    keeper.kill('SIGINT');
    keeper.kill('SIGTERM');
    await query(databaseUrl, 'select 1');
    const pid = readPostmasterFile(path.join(clusterDir, 'data'))?.pid;
    if (process.platform === 'linux') {
      // Field 6 of /proc/<pid>/stat is the session: a terminal signals only its own.
      const session = (of: number | 'self') =>
        readFileSync(`/proc/${of}/stat`, 'utf8').split(') ')[1]?.split(' ')[3];
      expect(session(pid ?? 0)).not.toBe(session('self'));
    }
    keeper.stdin.end();
    expect(await ended).toEqual([0, null]);
    await expect(query(databaseUrl, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
    expect(readPostmasterFile(path.join(clusterDir, 'data'))).toBeUndefined();
  });

  test('starts a server that was killed again, on the same address', async () => {
    const { keeper, nextLine, ended } = await keep();
    const first = await nextLine();
    const pid = readPostmasterFile(path.join(first.clusterDir, 'data'))?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    const second = await nextLine();
    expect(second).toMatchObject({ databaseUrl: first.databaseUrl, again: true });
    await query(second.databaseUrl, 'select 1');
    keeper.stdin.end();
    expect(await ended).toEqual([0, null]);
  });
});

describe.runIf(isRoot)('as root', () => {
  test('the server runs under another account', async () => {
    const server = await start();
    expect(server.clusterDir).toBe(path.join(dataDir, 'postgres'));
    expect(statSync(`/proc/${postmasterPid(server)}`).uid).not.toBe(0);
  });

  test('a data folder its account cannot reach gives a place in the system folder, kept from then on', async () => {
    const home = path.join(workDir, `home-${counter}`);
    const closedDataDir = path.join(home, 'raptscallions', '.data');
    mkdirSync(closedDataDir, { recursive: true });
    chmodSync(home, 0o700);
    const server = await start({ dataDir: closedDataDir });
    expect(path.relative(path.join(workDir, 'system'), server.clusterDir)).toMatch(
      /^raptscallions-[0-9a-f]{12}.postgres$/,
    );
    await query(server.databaseUrl, `create table note as select 'kept' as body`);
    await server.stop();
    chmodSync(home, 0o755);
    const later = await start({ dataDir: closedDataDir });
    expect(later.clusterDir).toBe(server.clusterDir);
    expect(await query(later.databaseUrl, 'select body from note')).toEqual([{ body: 'kept' }]);
  });

  test('binaries its account cannot reach are copied to the system folder', async () => {
    const installed = locateBinaries();
    const home = path.join(workDir, `home-${counter}`);
    cpSync(installed.nativeDir, path.join(home, 'native'), { recursive: true, verbatimSymlinks: true });
    chmodSync(home, 0o700);
    const systemDir = path.join(workDir, 'system');
    const place = choosePlace(dataDir, systemDir, binariesIn(path.join(home, 'native'), installed.version));
    expect(place.binaries.nativeDir).toBe(path.join(systemDir, `binaries-${installed.version}`));
    if (!place.account) throw new Error('Root has to lend the server an account.');
    expect(canRun(place.binaries.initdb, place.account)).toBe(true);
    // Made once and complete, it serves every later start.
    expect(choosePlace(dataDir, systemDir, binariesIn(path.join(home, 'native'), installed.version))).toEqual(
      place,
    );
  });
});
