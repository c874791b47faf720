import { newId, type RichId } from '@raptscallions/zod-schemas/rich_id';
import { createSystemPool } from '../../../backend/src/db/create_system_pool';
import { connectDb, type Db } from '../../../backend/src/db/db';
import { enterTenant } from '../../../backend/src/db/enter_tenant';
import { migrate } from '../../../backend/src/db/migrate';
import { stored } from '../../../backend/src/db/stored_id';
import { createBenchDatabase } from '../bench_database';
import { type Benchmark, median } from '../benchmark';

const schools = 60;
const classesInEach = 150;
const rounds = 9;
const transactions = 600;

type Place = { tenantId: RichId<'tenant'>; classId: RichId<'class'> };
type Side = (work: (db: Db, place: Place) => Promise<unknown>, place: Place) => Promise<unknown>;

/**
 * The same transaction twice, to the last filter: as the app's role behind the wall, with its tenant set, and as
 * a role that no policy holds, with none set.
 */
export const benchmark: Benchmark = {
  title: `Transactions over ${schools} schools of ${classesInEach} classes, microseconds each`,
  peer: 'the same transaction without row-level security',
  target: 0.8,
  lowerIsBetter: true,
  async measure() {
    const database = await createBenchDatabase();
    await migrate(database.url);
    const walled = connectDb(database.url, 'app', 2);
    const bare = connectDb(database.url, 'system', 2);
    const owner = createSystemPool(database.url, 'bench-owner', 1, '-c role=none');
    const places = await seed(bare);
    const sides: Record<'with' | 'without', Side> = {
      with: (work, place) => enterTenant(walled, place.tenantId, () => work(walled, place)),
      without: (work, place) => bare.$transaction(async () => await work(bare, place)),
    };
    const took: Record<string, number[]> = {};
    for (let round = 0; round <= rounds; round++) {
      for (const [side, enter] of Object.entries(sides)) {
        await owner.query(`alter table classes ${side === 'with' ? 'enable' : 'disable'} row level security`);
        for (const [name, work] of Object.entries(queries)) {
          const begun = performance.now();
          for (let at = 0; at < transactions; at++) {
            const place = places[(at * 7) % places.length];
            if (place) await enter(work, place);
          }
          const each = ((performance.now() - begun) * 1_000) / transactions;
          // The first round warms both up.
          if (round > 0) took[`${name} ${side}`] = [...(took[`${name} ${side}`] ?? []), each];
        }
      }
    }
    await owner.end();
    await walled.$close();
    await bare.$close();
    await database.drop();
    const medianOf = (name: string) => Math.round(median(took[name] ?? []));
    const rows = Object.keys(queries).map((query) => {
      const [withWall, without] = [medianOf(`${query} with`), medianOf(`${query} without`)];
      return { query, with: withWall, without, 'with / without': Number((withWall / without).toFixed(2)) };
    });
    const sum = (side: 'with' | 'without') => rows.reduce((total, row) => total + row[side], 0);
    return { rows, ours: sum('with'), theirs: sum('without') };
  },
};

const queries: Record<string, (db: Db, place: Place) => Promise<unknown>> = {
  'one class by its id': async (db, place) => await db.classes.findBy(stored(place)),
  'the classes of a school': async (db, { tenantId }) =>
    await db.classes.where(stored({ tenantId })).order({ name: 'ASC', classId: 'ASC' }).limit(100),
};

async function seed(db: Db): Promise<Place[]> {
  const places: Place[] = [];
  for (let at = 0; at < schools; at++) {
    const [tenantId, groupId] = [newId('tenant'), newId('group')];
    await db.tenants.create({ tenantId, name: `School ${at}` });
    await db.groups.create({ tenantId, groupId, name: 'School', kind: 'school', path: 'a' });
    const rows = Array.from({ length: classesInEach }, (_, number) => ({
      tenantId,
      groupId,
      classId: newId('class'),
      name: `Class ${number}`,
    }));
    await db.classes.createMany(rows);
    places.push(...rows.slice(0, 10).map(({ classId }) => ({ tenantId, classId })));
  }
  return places;
}
