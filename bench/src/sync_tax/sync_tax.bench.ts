import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import type pg from 'pg';
import { createSystemPool } from '../../../backend/src/db/create_system_pool';
import { connectDb } from '../../../backend/src/db/db';
import { migrate } from '../../../backend/src/db/migrate';
import { storedIds } from '../../../backend/src/db/stored_id';
import { createBenchDatabase } from '../bench_database';
import { type Benchmark, median } from '../benchmark';

const classes = 2_000;
const writers = 8;
const roundMs = process.argv.includes('--long') ? 5_000 : 1_500;
const rounds = process.argv.includes('--long') ? 9 : 5;

/** Writes of one kind until the time is up; how many rows that made a second. */
type Load = (pool: pg.Pool, ids: string[], until: number, at: number) => Promise<number>;

/**
 * Rows written a second with the triggers that keep `sync_entry`, and on the same tables without any. Sides take
 * turns; the durations of commits are what they are in production (fsync on).
 */
export const benchmark: Benchmark = {
  title: `Rows written a second by ${writers} writers over ${classes} classes`,
  peer: 'the same writes with the triggers switched off',
  target: 0.75,
  lowerIsBetter: false,
  async measure() {
    const database = await createBenchDatabase();
    await migrate(database.url);
    const ids = await seed(database.url);
    const pool = createSystemPool(database.url, 'bench-tax', writers);
    const owner = createSystemPool(database.url, 'bench-owner', 1, '-c role=none');
    const rates: Record<string, number[]> = {};
    for (let round = 0; round <= rounds; round++) {
      for (const side of ['with', 'without']) {
        await owner.query(`alter table classes ${side === 'with' ? 'enable' : 'disable'} trigger user`);
        for (const [name, load] of Object.entries(loads)) {
          const begun = performance.now();
          const done = await Promise.all(
            Array.from({ length: writers }, (_, at) => load(pool, ids, begun + roundMs, at)),
          );
          const rate = done.reduce((sum, rows) => sum + rows, 0) / ((performance.now() - begun) / 1_000);
          // The first round warms both up.
          if (round > 0) rates[`${name} ${side}`] = [...(rates[`${name} ${side}`] ?? []), rate];
        }
      }
    }
    await pool.end();
    await owner.end();
    await database.drop();
    const medianOf = (name: string) => Math.round(median(rates[name] ?? []));
    const rows = Object.keys(loads).map((writes) => {
      const [withSync, without] = [medianOf(`${writes} with`), medianOf(`${writes} without`)];
      return { writes, with: withSync, without, 'with / without': Number((withSync / without).toFixed(2)) };
    });
    const [single] = rows;
    return { rows, ours: single?.with ?? Number.NaN, theirs: single?.without ?? Number.NaN };
  },
};

const loads: Record<string, Load> = {
  'one row in a transaction': async (pool, ids, until, at) => {
    let done = 0;
    for (; performance.now() < until; done++) {
      // Each writer has its own rows, so that nobody waits for a lock of another.
      const id = ids[((done * writers) % ids.length) + at];
      await pool.query({
        name: 'one',
        text: 'update classes set subject = $2 where class_id = $1',
        values: [id, `${done}`],
      });
    }
    return done;
  },
  '250 rows in a statement': async (pool, ids, until, at) => {
    const mine = ids.filter((_, index) => index % writers === at);
    let done = 0;
    for (let turn = 0; performance.now() < until; turn++) {
      const { rowCount } = await pool.query({
        name: 'bulk',
        text: 'update classes set subject = $2 where class_id = any($1::uuid[])',
        values: [mine, `${turn}`],
      });
      done += rowCount ?? 0;
    }
    return done;
  },
};

async function seed(url: string): Promise<string[]> {
  const db = connectDb(url, 'system', 2);
  const [tenantId, groupId] = [newId('tenant'), newId('group')];
  await db.tenants.create({ tenantId, name: 'School' });
  await db.groups.create({ tenantId, groupId, name: 'School', kind: 'school', path: 'a' });
  const classIds: RichId<'class'>[] = Array.from({ length: classes }, () => newId('class'));
  await db.classes.createMany(
    classIds.map((classId, at) => ({ tenantId, groupId, classId, name: `Class ${at}` })),
  );
  await db.$close();
  return storedIds(classIds);
}
