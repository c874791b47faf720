import path from 'node:path';
import pg from 'pg';
import { createBenchDatabase } from '../bench_database';
import { type Benchmark, median } from '../benchmark';
import { percentile } from '../percentile';
import { cpuMicrosecondsOf, ServerProcess } from '../server_process';
import { measureFrame } from './measure_frame';
import { buildPage, type OpenPage, openPage, pageDir } from './open_page';
import { type Accepted, pullAll, readPages } from './pull_all';
import { seedSchool } from './seed_school';

const rounds = process.argv.includes('--long') ? 9 : 3;
const pulls = process.argv.includes('--long') ? 15 : 5;
const frames = 30;

type Row = { what: string; measured: string; target: string };
type Side = {
  name: string;
  accepted: Accepted;
  times: number[];
  cpu: number[];
  ofDatabase: number[];
  onWire: number;
};
type Seeded = Awaited<ReturnType<typeof seedSchool>>;

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const ms = (value: number) => `${value.toFixed(value < 20 ? 1 : 0)} ms`;
const sizeOf = (bodies: Buffer[]) => bodies.reduce((sum, body) => sum + body.length, 0);

/** Somebody renames the subject of a class. */
async function update(databaseUrl: string, subject: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`update classes set subject = $1 where name = 'Class 0'`, [subject]);
  await client.end();
}

/** CPU time of everybody at work in a database, in microseconds; those who have left are not counted. */
async function cpuOfDatabase(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await client.end();
  return rows.reduce((sum, { pid }) => sum + cpuMicrosecondsOf(pid), 0);
}

/** What a first load costs the server, asked by a client that throws away what it gets. */
async function measureServer(server: ServerProcess, databaseUrl: string, { cookie }: Seeded): Promise<Row[]> {
  const { url } = server;
  const rows: Row[] = [];
  let last = await pullAll(url, cookie);
  const loaded = readPages(last.bodies);
  const perRow = (bytes: number) => `${(bytes / loaded.rows).toFixed(1)} bytes`;
  const sides: Side[] = [
    { name: 'gzip', accepted: 'gzip', times: [], cpu: [], ofDatabase: [], onWire: 0 },
    { name: 'brotli', accepted: 'gzip, br', times: [], cpu: [], ofDatabase: [], onWire: 0 },
  ];
  // They take turns, so that neither is measured on a colder server; the first round warms it up.
  for (let round = 0; round <= pulls; round++) {
    for (const side of sides) {
      const [used, usedByDatabase] = [server.cpuMicroseconds(), await cpuOfDatabase(databaseUrl)];
      last = await pullAll(url, cookie, { accepted: side.accepted });
      if (round === 0) continue;
      side.onWire = last.onWire;
      side.times.push(last.ms);
      side.cpu.push((server.cpuMicroseconds() - used) / 1_000);
      side.ofDatabase.push(((await cpuOfDatabase(databaseUrl)) - usedByDatabase) / 1_000);
    }
  }
  for (const { name, times, cpu, ofDatabase, onWire } of sides) {
    rows.push(
      { what: `server, ${name}: ${loaded.rows} rows`, measured: ms(median(times)), target: '250 ms' },
      { what: `server, ${name}: CPU of the process`, measured: ms(median(cpu)), target: '' },
      { what: `server, ${name}: CPU of PostgreSQL's sessions`, measured: ms(mean(ofDatabase)), target: '' },
      { what: `a row on the wire, ${name}`, measured: perRow(onWire), target: '65 bytes' },
    );
  }
  const { syncClientId } = last;
  const { cursor, scopes } = readPages(last.bodies);
  const resumes: Awaited<ReturnType<typeof pullAll>>[] = [];
  for (let at = 0; at < 20; at++) {
    resumes.push(await pullAll(url, cookie, { position: { syncClientId, cursor, scopes } }));
  }
  const position = { syncClientId, cursor, scopes };
  const frame = await measureFrame(url, cookie, position, () => update(databaseUrl, 'One frame'));
  const resumed = resumes.at(-1)?.bodies[0]?.toString() ?? '';
  if (resumed.includes('rows')) throw new Error(`there was news: ${resumed}`);
  return [
    ...rows,
    { what: 'a row, plain', measured: perRow(sizeOf(last.bodies)), target: '' },
    { what: 'resume with nothing new', measured: `${resumed.length} bytes`, target: '100 bytes' },
    {
      what: 'a live frame, around its rows and its cursor',
      measured: `${frame.around} + ${frame.closing} bytes`,
      target: '120 bytes',
    },
    { what: 'resume: time', measured: ms(median(resumes.map((resume) => resume.ms))), target: '' },
  ];
}

/** From a commit in PostgreSQL to the moment a live query of the page shows it. */
async function measureFrames(page: OpenPage, databaseUrl: string, { classId }: Seeded): Promise<number[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const times: number[] = [];
  for (let at = 0; at < frames; at++) {
    const subject = `Subject ${at}`;
    const shown = page.call('untilSubject', classId, subject);
    await client.query(`update classes set subject = $1 where name = 'Class 0'`, [subject]);
    const committed = performance.timeOrigin + performance.now();
    times.push((await shown) - committed);
  }
  await client.end();
  return times;
}

/**
 * A first load of about 50,000 rows, server and Chromium apart; resuming; and whether pages stay quick on what
 * was stored. `--layouts` adds what else was tried in IndexedDB.
 */
export const benchmark: Benchmark = {
  title: 'First load of about 50,000 rows',
  peer: 'a plain pull of everything as JSON into one Dexie record a row',
  target: 4,
  lowerIsBetter: true,
  async measure() {
    const database = await createBenchDatabase();
    let server: ServerProcess | undefined;
    let page: OpenPage | undefined;
    try {
      const seeded = await seedSchool(database.url);
      await buildPage();
      server = await ServerProcess.start(path.join(import.meta.dirname, '../api/ours.ts'), {
        DATABASE_URL: database.url,
        BETTER_AUTH_SECRET: seeded.secret,
        RAPT_DEMO: 'false',
        RAPT_FRONTEND_DIR: pageDir,
        RATE_LIMIT_API_MAX: '100000',
      });
      const rows = await measureServer(server, database.url, seeded);
      page = await openPage(server.url, seeded.cookie);
      const ours: number[] = [];
      const waiting: number[] = [];
      const cpu: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round <= rounds; round++) {
        const plainly = await page.call('loadPlainly');
        const before = await page.cpuMs();
        const loaded = await page.call('load', seeded.userId, true);
        const used = (await page.cpuMs()) - before;
        // The first round warms both up.
        if (round === 0) continue;
        theirs.push(plainly);
        ours.push(loaded.ms);
        waiting.push(loaded.waiting);
        cpu.push(used);
      }
      const compared = await page.call('compare');
      const live = await measureFrames(page, database.url, seeded);
      const packed = await page.call('measureQueries', seeded.userId, seeded.classId, 20);
      const records = await page.call('load', seeded.userId, false);
      const unpacked = await page.call('measureQueries', seeded.userId, seeded.classId, 20);
      rows.push(
        { what: 'Chromium: empty to stored', measured: ms(median(ours)), target: '1000 ms' },
        { what: 'Chromium: from the first to the last answer', measured: ms(median(waiting)), target: '' },
        { what: 'Chromium: CPU of the page', measured: ms(median(cpu)), target: '' },
        { what: 'the same engine, one record a row', measured: ms(records.ms), target: '' },
        {
          what: 'every row compared with the server / the part in Chromium',
          measured: `${ms(compared.ms)} / ${ms(compared.here)}`,
          target: '',
        },
        { what: 'the peer', measured: ms(median(theirs)), target: '' },
        {
          what: 'commit to live query, p50 / p95',
          measured: `${ms(percentile(live, 0.5))} / ${ms(percentile(live, 0.95))}`,
          target: '',
        },
      );
      const times = (name: string, measured: typeof packed) => {
        const { first, later } = measured[name] ?? { first: Number.NaN, later: [] };
        return [first, percentile(later, 0.5), percentile(later, 0.95)]
          .map((value) => value.toFixed(1))
          .join(' / ');
      };
      console.table(
        Object.keys(packed).map((query) => ({
          'live query, ms: first / p50 / p95': query,
          packed: times(query, packed),
          'one record a row': times(query, unpacked),
        })),
      );
      if (process.argv.includes('--layouts')) console.table(await page.call('tryLayouts'));
      return { rows, ours: Math.round(median(ours)), theirs: Math.round(median(theirs)) };
    } finally {
      await page?.close();
      await server?.stop();
      await database.drop();
    }
  },
};
