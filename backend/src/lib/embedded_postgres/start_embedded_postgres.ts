import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { choosePlace } from './choose_place';
import { choosePort } from './choose_port';
import { createCluster } from './create_cluster';
import { launchServer, stopServer } from './launch_server';
import { locateBinaries } from './locate_binaries';
import { isAlive, readPostmasterFile } from './postmaster_file';
import { prepareDatabase } from './prepare_database';

export interface EmbeddedPostgresOptions {
  /** Raptscallions' data folder; the cluster is kept in it, or in `systemDir` where the server cannot reach it. */
  dataDir: string;
  /** Insists on a port. Otherwise the one of last time, or any free one. */
  port?: number;
  /** Lets the owner role create databases, as tests that clone a template need. */
  canCreateDatabases?: boolean;
  /** Further server settings by name, for instance `{ fsync: 'off' }` for tests. */
  settings?: Record<string, string>;
  /** Parent of the system folders, `/var/lib/raptscallions` unless given. */
  systemDir?: string;
  /** How long a failure is taken for one that passes, in milliseconds; half a minute unless given. */
  patienceMs?: number;
  /** Hears, every few seconds, what is waited for; standard error unless given. */
  tell?: (sentence: string) => void;
}

export interface EmbeddedPostgres {
  /** Connects as `rapt`, owner of the database `rapt`. */
  databaseUrl: string;
  port: number;
  /** Folder with the database's files, the server's log and the credentials. */
  clusterDir: string;
  /** True when the server was running already, left behind by a killed parent or shared with another one. */
  adopted: boolean;
  /** Resolves when the connection to the server has ended: by `stop`, or because the server went. */
  gone: Promise<void>;
  /** Says goodbye; the last one to do so stops the server and waits until it has stopped. */
  stop(): Promise<void>;
}

/** Everybody who uses the server holds this advisory lock shared, so who gets it alone is the last one. */
const usersLock = 7_263_780;
const preparationLock = 7_263_781;

const retryMs = 100;
const tellEveryMs = 3_000;
/** What a server answers that recovers from a crash, or is about to stop: "cannot connect now". */
const notNow = '57P03';
const farewellMs = 1_000;

const sayAloud = (sentence: string) => void process.stderr.write(`${sentence}\n`);

const credentialsZod = z.object({ superuserPassword: z.string(), ownerPassword: z.string() });

/**
 * Starts the PostgreSQL that comes with our dependencies, or joins the one that already runs on the same data.
 * It listens on 127.0.0.1, asks for a password, and lives in a session of its own: neither a Ctrl-C in the
 * terminal nor the death of this process ends it. A recovery after a crash takes what it takes, and is waited out.
 * @throws when it cannot be started within half a minute, with what its log says
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const systemDir = options.systemDir ?? '/var/lib/raptscallions';
  const place = choosePlace(path.resolve(options.dataDir), systemDir, locateBinaries());
  await createCluster(place);
  const { superuserPassword, ownerPassword } = readCredentials(place.clusterDir);
  const dataDirectory = realpathSync(path.join(place.clusterDir, 'data'));
  const { patienceMs = 30_000, tell = sayAloud } = options;
  let giveUpAt = Date.now() + patienceMs;

  async function connect(port: number, database: string): Promise<pg.Client> {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: superuserPassword,
      database,
      application_name: 'raptscallions launcher',
      connectionTimeoutMillis: 5_000,
    });
    // The loss is noticed by `end`; without a listener here it would end the process.
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  /** Becomes a user of the running server, as soon as it lets anybody in; `undefined` when there is none, or not yet. */
  async function join(): Promise<{ client: pg.Client; port: number } | undefined> {
    const askedAt = Date.now();
    let tellAt = askedAt + tellEveryMs;
    for (;;) {
      const note = readPostmasterFile(dataDirectory);
      if (!note) return undefined;
      let client: pg.Client | undefined;
      try {
        client = await connect(note.port, 'postgres');
        const { rows } = await client.query<{ data_directory: string }>('show data_directory');
        // After a crash another cluster may listen on the port that stands in our stale note.
        if (realpathSync(rows[0]?.data_directory ?? '') === dataDirectory) {
          await client.query('select pg_advisory_lock_shared($1)', [usersLock]);
          return { client, port: note.port };
        }
      } catch (error) {
        if (error instanceof pg.DatabaseError && error.code === notNow && isAlive(note.pid)) {
          // A server that works its way through its log has not failed, however long that takes.
          giveUpAt = Date.now() + patienceMs;
          if (Date.now() >= tellAt) {
            const seconds = Math.round((Date.now() - askedAt) / 1_000);
            tell(`PostgreSQL is not ready yet: ${error.message}. Waiting since ${seconds} s.`);
            tellAt += tellEveryMs;
          }
          await delay(retryMs);
          continue;
        }
        // The caller tries again, and reports the server's own words if that leads nowhere.
      }
      await client?.end().catch(() => {});
      return undefined;
    }
  }

  let startedHere = false;
  let joined = await join();
  while (!joined) {
    try {
      await launchServer(place, await choosePort(place.clusterDir, options.port), options.settings ?? {});
      startedHere = true;
    } catch (error) {
      // The children and lock file of a killed server outlive it by about 1.5 s, and another start may have
      // been quicker: only time tells these from a failure that stays.
      if (Date.now() > giveUpAt) throw error;
      await delay(retryMs);
    }
    joined = await join();
  }

  const { client: holder, port } = joined;
  let connected = true;
  const gone = new Promise<void>((resolve) => {
    holder.once('end', () => {
      connected = false;
      resolve();
    });
  });
  if (options.port === undefined) writeFileSync(path.join(place.clusterDir, 'port'), String(port));

  // One after the other: two first starts at once would both create the role.
  await holder.query('select pg_advisory_lock($1)', [preparationLock]);
  await prepareDatabase(holder, (database) => connect(port, database), {
    ownerPassword,
    canCreateDatabases: options.canCreateDatabases ?? false,
  });
  await holder.query('select pg_advisory_unlock($1)', [preparationLock]);

  async function stop(): Promise<void> {
    // A server that recovered from a crash of its own dropped us, but still runs.
    const client = connected ? holder : (await join())?.client;
    if (!client) return;
    // First let go, then ask: of two that stop at the same moment exactly one finds itself alone.
    await client.query('select pg_advisory_unlock_shared($1)', [usersLock]);
    const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
      usersLock,
    ]);
    // Whoever arrives now waits for this lock, is cut off with us, and starts the server again.
    if (rows[0]?.alone) await stopServer(place);
    // The server may have ended the session just now, and then the farewell is never answered.
    await Promise.race([client.end().catch(() => {}), delay(farewellMs)]);
  }

  return {
    databaseUrl: `postgres://rapt:${ownerPassword}@127.0.0.1:${port}/rapt`,
    port,
    clusterDir: place.clusterDir,
    adopted: !startedHere,
    gone,
    stop,
  };
}

function readCredentials(clusterDir: string): z.infer<typeof credentialsZod> {
  const file = path.join(clusterDir, 'credentials.json');
  try {
    return credentialsZod.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(
      `The passwords of the embedded PostgreSQL cannot be read from ${file}. If another user of this machine made ` +
        'them, start as that user or choose another data folder with RAPT_DATA_DIR.',
      { cause },
    );
  }
}
