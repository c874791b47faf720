import path from 'node:path';
import pg from 'pg';
import { createBenchDatabase } from '../bench_database';
import { type Benchmark, median } from '../benchmark';
import { percentile } from '../percentile';
import { seedReaders } from '../seed_readers';
import { ServerProcess } from '../server_process';
import type { StreamRequest } from '../sync_fanout/socket_streams';
import { StreamProcesses } from '../sync_fanout/stream_processes';
import { seedPlaces } from './seed_places';

const clients = 5_000;
const rounds = 3;
const warmUps = 100;
const readerProcesses = 2;
const sampleMs = 50;

/** The whole server; the protocol without anything around it; everything anew, as an app without cursors has it. */
const systems = {
  'Raptscallions, all of it': { script: '../run_latency/serve.ts', path: '/rpc/sync/stream' },
  'the bare protocol': { script: 'bare.ts', path: '/' },
  'everything as JSON': { script: 'peer.ts', path: '/everything' },
};
type System = keyof typeof systems;
type Storm = {
  total: number;
  p50: number;
  p99: number;
  connections: number;
  news: number;
  megabytes: number;
  cpu: number;
};

/**
 * Five thousand browsers come back in the same moment, each with a cursor and something new in its class: until
 * the last of them is up to date. With the session of each looked at, its rights, and its scopes.
 */
export const benchmark: Benchmark = {
  title: `${clients} clients reconnect at once; ms until all are up to date`,
  peer: 'a plain pull of everything as JSON, behind the same session check',
  target: 1,
  lowerIsBetter: true,
  async measure() {
    const database = await createBenchDatabase();
    const client = new pg.Client({ connectionString: database.url });
    try {
      const { tenantId, readers, secret } = await seedReaders(database.url, clients);
      const places = await seedPlaces(database.url, tenantId, readers);
      await client.connect();
      const storms = new Map<System, Storm[]>();
      const names = Object.keys(systems) as System[];
      for (let round = 0; round < rounds; round++) {
        for (const name of names) {
          const { script, path: at } = systems[name];
          const server = await ServerProcess.start(path.resolve(import.meta.dirname, script), {
            DATABASE_URL: database.url,
            BETTER_AUTH_SECRET: secret,
            ROLE: 'api',
            RAPT_DEMO: 'false',
            LOG_LEVEL: 'warn',
          });
          try {
            const requests = readers.map(
              ({ cookie }, index): StreamRequest => ({
                url: server.url,
                path: at,
                cookie,
                headers: {},
                body: JSON.stringify({ json: places[index] }),
              }),
            );
            const storm = await measureStorm(server, requests, client);
            process.stderr.write(`${name}: ${JSON.stringify(storm)}\n`);
            storms.set(name, [...(storms.get(name) ?? []), storm]);
          } finally {
            await server.stop();
          }
        }
      }
      const of = (name: System, what: keyof Storm) =>
        Math.round(median((storms.get(name) ?? []).map((storm) => storm[what])));
      return {
        rows: names.map((name) => ({
          system: name,
          'all, ms': of(name, 'total'),
          'p50 ms': of(name, 'p50'),
          'p99 ms': of(name, 'p99'),
          'with news': of(name, 'news'),
          'PostgreSQL connections at most': of(name, 'connections'),
          'MB sent': of(name, 'megabytes'),
          'server CPU, ms': of(name, 'cpu'),
        })),
        ours: of('Raptscallions, all of it', 'total'),
        theirs: of('everything as JSON', 'total'),
      };
    } finally {
      await client.end();
      await database.drop();
    }
  },
};

async function measureStorm(
  server: ServerProcess,
  requests: StreamRequest[],
  client: pg.Client,
): Promise<Storm> {
  const streams = new StreamProcesses(readerProcesses);
  let connections = 0;
  let sampling = true;
  const sample = async () => {
    while (sampling) {
      const { rows } = await client.query<{ count: number }>(
        `select count(*)::integer as count from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      );
      connections = Math.max(connections, rows[0]?.count ?? 0);
      await new Promise((resolve) => setTimeout(resolve, sampleMs));
    }
  };
  try {
    await streams.open(requests.slice(0, warmUps));
    streams.closeStreams();
    await streams.collect();
    const sampled = sample();
    const cpuBefore = server.cpuMicroseconds();
    const begun = performance.now();
    const { connectMs, news } = await streams.open(requests);
    const total = performance.now() - begun;
    const cpu = (server.cpuMicroseconds() - cpuBefore) / 1_000;
    sampling = false;
    await sampled;
    const { bytes } = await streams.collect();
    const [p50, p99] = [percentile(connectMs, 0.5), percentile(connectMs, 0.99)];
    return { total, p50, p99, connections, news, megabytes: bytes / 1e6, cpu };
  } finally {
    sampling = false;
    streams.stop();
  }
}
