import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { createSystemPool } from '../../../backend/src/db/create_system_pool';
import { type BenchDatabase, createBenchDatabase } from '../bench_database';
import type { Benchmark } from '../benchmark';
import { percentile } from '../percentile';
import { type Reader, seedReaders } from '../seed_readers';
import { ServerProcess } from '../server_process';
import type { StreamRequest } from './socket_streams';
import { StreamProcesses } from './stream_processes';
import { delaysOf, writeSteadily } from './write_steadily';
import { startZeroServer } from './zero_server';

const option = (name: string, fallback: number) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const seconds = option('seconds', 10);
/** how long the transaction stays open, which nobody must notice */
const openSeconds = option('open-seconds', 60);
const most = option('clients', 3_000);
/** a folder in which `npm install @rocicorp/zero@0.26.2` was run: the newest whose server runs on Node 20 */
const zeroFolder = process.argv.includes('--zero')
  ? process.argv[process.argv.indexOf('--zero') + 1]
  : undefined;
const sizes = [...new Set([Math.min(300, most), most])];
const warmUpSeconds = 2;
const readerProcesses = 2;
/** What has just started compiles while it answers, on either side: a class that comes and goes pays for that. */
const warmUpClients = 30;

type Case = { clients: number; perSecond: number; processes: number; open?: boolean };
type Measured = { row: Record<string, string | number>; p99: number };

const oursCases: Case[] = [
  ...[1, 2].flatMap((processes) =>
    sizes.flatMap((clients) => [50, 200].map((perSecond) => ({ clients, perSecond, processes }))),
  ),
  ...[1, 2].map((processes) => ({ clients: most, perSecond: 200, processes, open: true })),
];
const peerCases: Case[] = sizes.flatMap((clients) =>
  [50, 200].map((perSecond) => ({ clients, perSecond, processes: 1 })),
);

/** What one browser sends to open its stream, at ours and at the peer's. */
const streamOf = {
  ours: (url: string, { cookie }: Reader): StreamRequest => ({
    url,
    cookie,
    path: '/rpc/sync/stream',
    headers: {},
    body: JSON.stringify({
      json: { syncClientId: newId('device'), streamId: newId('device'), cursor: null, scopes: [] },
    }),
  }),
  peer: (url: string, { cookie }: Reader): StreamRequest => ({
    url,
    cookie,
    path: '/rpc/changes',
    headers: { accept: 'text/event-stream' },
    body: '{}',
  }),
};

class Run {
  readonly rows: Record<string, string | number>[] = [];

  constructor(
    private readonly database: BenchDatabase,
    private readonly school: Awaited<ReturnType<typeof seedReaders>>,
  ) {}

  /** Opens the clients of each case and writes; groups of cases with the same servers share their streams. */
  async measure(who: 'ours' | 'peer', cases: Case[]): Promise<Measured[]> {
    const measured: Measured[] = [];
    for (const { clients, processes } of distinct(cases)) {
      const servers: ServerProcess[] = [];
      const streams = new StreamProcesses(readerProcesses);
      const writers = createSystemPool(this.database.url, 'bench-writers', 8);
      try {
        for (let at = 0; at < processes; at++) servers.push(await this.start(who));
        const readers = this.school.readers.slice(0, clients);
        const connectMs = await openAtOnce(streams, (at) => {
          const reader = readers[at];
          return reader && streamOf[who](servers[at % processes]?.url ?? '', reader);
        });
        for (const each of cases.filter((one) => one.clients === clients && one.processes === processes))
          measured.push(await this.one(who, each, { servers, streams, writers, connectMs }));
      } finally {
        streams.stop();
        for (const server of servers) await server.stop();
        await writers.end();
      }
    }
    return measured;
  }

  /** Rocicorp Zero, for as many clients as it is said to take. */
  async measureZero(folder: string): Promise<void> {
    const clients = sizes[0] ?? most;
    const classOf = (at: number) => `class-${Math.floor(at / 30)}`;
    const classIds = [...new Set(Array.from({ length: clients }, (_, at) => classOf(at)))];
    const zero = await startZeroServer(folder, classIds);
    // Its client wants a WebSocket, which Node 20 has behind a flag.
    const streams = new StreamProcesses(readerProcesses, 'zero_streams.ts', ['--experimental-websocket']);
    const writers = new pg.Pool({ connectionString: zero.databaseUrl, max: 8 });
    try {
      const { url, schemaPath } = zero;
      const connectMs = await openAtOnce(streams, (at) =>
        at < clients ? { url, path: schemaPath, body: classOf(at), cookie: '', headers: {} } : undefined,
      );
      for (const perSecond of [50, 200]) {
        const write = (forSeconds: number) =>
          writeSteadily(writers, 'bench', classIds, perSecond, forSeconds);
        await write(warmUpSeconds);
        await sleep(2_000);
        await streams.collect();
        const writes = await write(seconds);
        // It is seconds behind, and what comes late shall count.
        await sleep(15_000);
        const { streams: arrivals } = await streams.collect();
        const { delays, frames, missing } = delaysOf(writes, arrivals, classOf);
        const row = {
          system: `Rocicorp Zero ${zero.version}`,
          clients,
          'writes/s': perSecond,
          processes: 1,
          'open write transaction': '',
          'p50 ms': round(percentile(delays, 0.5)),
          'p99 ms': round(percentile(delays, 0.99)),
          missing,
          'frames/s': Math.round(frames / seconds),
          'connect p99 ms': Math.round(percentile(connectMs, 0.99)),
        };
        process.stderr.write(`${JSON.stringify(row)}\n`);
        this.rows.push(row);
      }
    } finally {
      streams.stop();
      await writers.end();
      await zero.stop();
    }
  }

  private start(who: 'ours' | 'peer'): Promise<ServerProcess> {
    const script = who === 'ours' ? '../run_latency/serve.ts' : 'peer.ts';
    return ServerProcess.start(path.resolve(import.meta.dirname, script), {
      DATABASE_URL: this.database.url,
      BETTER_AUTH_SECRET: this.school.secret,
      ROLE: 'api',
      RAPT_DEMO: 'false',
      LOG_LEVEL: 'warn',
    });
  }

  private async one(
    who: 'ours' | 'peer',
    { clients, perSecond, processes, open = false }: Case,
    parts: { servers: ServerProcess[]; streams: StreamProcesses; writers: pg.Pool; connectMs: number[] },
  ): Promise<Measured> {
    const { servers, streams, writers, connectMs } = parts;
    const readers = this.school.readers.slice(0, clients);
    const classIds = [...new Set(readers.map(({ classId }) => classId))];
    const { tenantId } = this.school;
    const write = (forSeconds: number) => writeSteadily(writers, tenantId, classIds, perSecond, forSeconds);
    await write(warmUpSeconds);
    const transaction = open ? await this.openTransaction() : undefined;
    await sleep(500);
    await streams.collect();
    const before = cpuOf(servers);
    const writes = await write(open ? openSeconds : seconds);
    await sleep(1_000);
    const used = cpuOf(servers) - before;
    const { streams: arrivals, bytes } = await streams.collect();
    await transaction?.end();
    const { delays, frames, missing } = delaysOf(writes, arrivals, (at) => readers[at]?.classId ?? '');
    const p99 = percentile(delays, 0.99);
    const row = {
      system: who === 'ours' ? 'Raptscallions' : 'oRPC event iterators',
      clients,
      'writes/s': perSecond,
      processes,
      'open write transaction': open ? `${openSeconds} s` : '',
      'p50 ms': round(percentile(delays, 0.5)),
      'p99 ms': round(p99),
      missing,
      'frames/s': Math.round(frames / (open ? openSeconds : seconds)),
      'CPU µs/frame': Math.round(used / frames),
      'bytes/frame': Math.round(bytes / frames),
      'connect p99 ms': Math.round(percentile(connectMs, 0.99)),
    };
    process.stderr.write(`${JSON.stringify(row)}\n`);
    this.rows.push(row);
    return { row, p99 };
  }

  /** A transaction that has written something and stays open, on a connection of its own. */
  private async openTransaction(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.database.url });
    await client.connect();
    await client.query('begin');
    await client.query('update tenants set name = name where tenant_id = $1', [this.school.tenantId]);
    return client;
  }
}

/**
 * All of them in the same moment, each with nothing yet.
 * @param requestOf a new client, made anew each time; undefined: there are no more
 * @returns the milliseconds each took to all that it may see
 */
async function openAtOnce(
  streams: StreamProcesses,
  requestOf: (at: number) => StreamRequest | undefined,
): Promise<number[]> {
  const make = (count: number) => Array.from({ length: count }, (_, at) => requestOf(at) ?? []).flat();
  await streams.open(make(warmUpClients));
  streams.closeStreams();
  await sleep(1_000);
  return (await streams.open(make(most))).connectMs;
}

const round = (value: number) => Number(value.toFixed(1));
const cpuOf = (servers: ServerProcess[]) =>
  servers.reduce((sum, server) => sum + server.cpuMicroseconds(), 0);

function distinct(cases: Case[]): Pick<Case, 'clients' | 'processes'>[] {
  const seen = new Map(
    cases.map(({ clients, processes }) => [`${clients} ${processes}`, { clients, processes }]),
  );
  return [...seen.values()];
}

/**
 * How long after its commit a change is at the thirty browsers of its class. Clients are plain sockets in processes
 * of their own; clocks are the machine's one. `--zero <folder>` adds Rocicorp Zero, where it is installed.
 */
export const benchmark: Benchmark = {
  title: `Commit to client, classes of 30, ${seconds} s each`,
  peer: 'LISTEN/NOTIFY and an oRPC event iterator for each stream, 3,000 clients, 200 writes/s',
  target: 1,
  lowerIsBetter: true,
  async measure() {
    const database = await createBenchDatabase();
    try {
      const run = new Run(database, await seedReaders(database.url, most));
      const ours = await run.measure('ours', oursCases);
      const owner = new pg.Client({ connectionString: database.url });
      await owner.connect();
      await owner.query(notifySql);
      await owner.end();
      const theirs = await run.measure('peer', peerCases);
      if (zeroFolder) await run.measureZero(path.resolve(zeroFolder));
      const hardest = (all: Measured[]) =>
        all.find(
          ({ row }) =>
            row.clients === most &&
            row['writes/s'] === 200 &&
            row.processes === 1 &&
            row['open write transaction'] === '',
        )?.p99 ?? Number.NaN;
      return { rows: run.rows, ours: round(hardest(ours)), theirs: round(hardest(theirs)) };
    } finally {
      await database.drop();
    }
  },
};

/** The peer pays for its own announcement and not for ours. */
const notifySql = `
  alter table classes disable trigger user;
  create function bench_notify() returns trigger language plpgsql as $$
  begin
    perform pg_notify('bench_changes', row_to_json(new)::text);
    return null;
  end $$;
  create trigger bench_notify after update on classes for each row execute function bench_notify();`;
