import { execFile } from 'node:child_process';
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { newId } from '@raptscallions/zod-schemas/rich_id';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { z } from 'zod';
import { connectDb } from '../../../backend/src/db/db';
import { migrate } from '../../../backend/src/db/migrate';
import { writeDistrict } from '../../../backend/src/modules/rosters/test/make_district';
import { writeZip } from '../../../backend/src/modules/rosters/test/write_zip';
import { analyze, createBenchDatabase } from '../bench_database';
import { type Benchmark, median } from '../benchmark';
import { bundle } from '../bundle';

const enrolments = readOption('--enrolments', 50_000);
const seed = readOption('--seed', 1);
const rounds = 3;

const DoneZod = z.object({
  ms: z.number(),
  peakMiB: z.number(),
  report: z.object({
    status: z.enum(['applied']),
    counts: z.record(z.string(), z.number()),
    ms: z.object({ stage: z.number(), compare: z.number(), apply: z.number() }),
  }),
});
type Done = z.output<typeof DoneZod>;

/**
 * A generated district read from its zip, each time by a process of its own whose peak memory is told: the first
 * load, the same files again, and the next day's with one record in two hundred changed. Beside it, the bare COPY of
 * the same files into unlogged tables without any index, which does nothing else.
 */
export const benchmark: Benchmark = {
  title: `A district of ${enrolments} enrolments, from the zip to the report`,
  peer: 'COPY of the same files into unlogged tables',
  // A feed that changes nothing may take three times what the bare COPY takes.
  target: 0.33,
  lowerIsBetter: true,
  async measure() {
    const folder = mkdtempSync(path.join(tmpdir(), 'rapt-bench-roster-'));
    const database = await createBenchDatabase();
    try {
      await migrate(database.url);
      const tenantId = newId('tenant');
      const db = connectDb(database.url, 'system', 1);
      await db.tenants.create({ tenantId, name: 'District' });
      const root = { tenantId, groupId: newId('group'), name: 'District', path: 'a' };
      await db.groups.create({ ...root, kind: 'district' });
      await db.$close();
      const [first, second] = [await prepare(folder, 1), await prepare(folder, 2)];
      const script = await bundle(path.join(import.meta.dirname, 'import_once.ts'));
      const run = async (zipPath: string): Promise<Done> => {
        const { stdout } = await promisify(execFile)(process.execPath, [
          script,
          database.url,
          tenantId,
          zipPath,
        ]);
        return DoneZod.parse(JSON.parse(stdout));
      };
      const load = await run(first.zipPath);
      await analyze(database.url);
      const [raw, again, anew]: [number[], Done[], Done[]] = [[], [], []];
      for (let round = 0; round < rounds; round++) {
        raw.push(await copyAll(database.url, first.folder));
        again.push(await run(first.zipPath));
        await forgetFeed(database.url);
        anew.push(await run(first.zipPath));
      }
      const change = await run(second.zipPath);
      const noOp = median(again.map(({ ms }) => ms));
      const copied = median(raw);
      const seconds = (ms: number) => Number((ms / 1_000).toFixed(2));
      const rowOf = (what: string, { ms, peakMiB, report }: Done) => ({
        what,
        seconds: seconds(ms),
        stage: seconds(report.ms.stage),
        compare: seconds(report.ms.compare),
        apply: seconds(report.ms.apply),
        'peak MiB': peakMiB,
        rows: report.counts.rows ?? 0,
        unchanged: report.counts.unchanged ?? 0,
      });
      return {
        rows: [
          { what: 'COPY of the files alone', seconds: seconds(copied) },
          ...again.map((done) => rowOf('the same files again', done)),
          ...anew.map((done) => rowOf('the same records, read row by row', done)),
          rowOf('first load', load),
          rowOf('0.5 % changed', change),
        ],
        ours: noOp,
        theirs: copied,
      };
    } finally {
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function prepare(parent: string, day: 1 | 2) {
  const folder = path.join(parent, `day${day}`);
  mkdirSync(folder);
  const written = await writeDistrict(folder, { enrolments, seed, day });
  const zipPath = path.join(parent, `day${day}.zip`);
  await writeZip(
    zipPath,
    Object.fromEntries(written.map(({ name }) => [name, readFileSync(path.join(folder, name))])),
  );
  return { folder, zipPath };
}

/** As after a feed with the same records in another order: nothing is known of the files, and every row is compared. */
async function forgetFeed(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('update roster_sources set settled_fingerprint = null');
  await client.end();
}

async function copyAll(url: string, folder: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const names = ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'enrollments'];
  try {
    for (const name of names) {
      const [header = ''] = readFileSync(path.join(folder, `${name}.csv`), 'utf8').split('\r\n', 1);
      const columns = header.split(',').map((column) => `"${column}" text`);
      await client.query(
        `drop table if exists "raw_${name}"; create unlogged table "raw_${name}" (${columns.join(', ')})`,
      );
    }
    const begun = performance.now();
    for (const name of names) {
      const target = client.query(copyFrom(`copy "raw_${name}" from stdin with (format csv, header)`));
      await pipeline(createReadStream(path.join(folder, `${name}.csv`)), target);
    }
    return performance.now() - begun;
  } finally {
    for (const name of names) await client.query(`drop table if exists "raw_${name}"`);
    await client.end();
  }
}

function readOption(name: string, fallback: number): number {
  const at = process.argv.indexOf(name);
  const value = at < 0 ? fallback : Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} takes a whole number`);
  return value;
}
