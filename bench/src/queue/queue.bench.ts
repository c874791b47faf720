import { migrate } from '../../../backend/src/db/migrate';
import { createBenchDatabase } from '../bench_database';
import { type Benchmark, median } from '../benchmark';
import { percentile } from '../percentile';
import { measureOutage } from './measure_outage';
import { measureRecovery } from './measure_recovery';
import { measureStart } from './measure_start';
import { measureThroughput } from './measure_throughput';
import { openSystems, type System, systemNames } from './systems';

const starts = Number(process.env.STARTS ?? 80);
const rounds = Number(process.env.ROUNDS ?? 2);
const recoveries = Number(process.env.RECOVERIES ?? 5);
const shortBacklog = 20_000;
const longBacklog = 100_000;

const labels = { ours: 'ours, on pg-tbus', graphile: 'graphile-worker 0.16', plain: 'pg-tbus as it comes' };
type Row = Record<string, string | number>;

/** Our layer on pg-tbus, graphile-worker and pg-tbus as it comes, in turns on the same database. */
export const benchmark: Benchmark = {
  title: `Queue: start in another process (ms), tasks/s, recovery (ms)`,
  peer: 'graphile-worker 0.16.6, start latency p50',
  target: 1,
  lowerIsBetter: true,
  async measure() {
    const database = await createBenchDatabase();
    try {
      await migrate(database.url);
      const systems = await openSystems(database.url);
      const rows = new Map<string, Row>(systemNames.map((name) => [name, { system: labels[name] }]));
      const note = (name: string, column: string, value: string | number) => {
        const row = rows.get(name);
        if (row) row[column] = value;
      };

      const times = await measureStart(systems, database.url, starts);
      for (const [name, taken] of times) {
        note(name, 'start p50', Number(percentile(taken, 0.5).toFixed(1)));
        note(name, 'p99', Number(percentile(taken, 0.99).toFixed(1)));
      }
      const throughput = async (column: string, tasks: number, concurrency: number, times: number) => {
        const rates = new Map<string, number[]>(systemNames.map((name) => [name, []]));
        for (let round = 0; round < times; round++) {
          for (const system of systems) {
            const rate = await measureThroughput(system, database.url, { tasks, concurrency });
            rates.get(system.name)?.push(rate);
          }
        }
        for (const [name, all] of rates) note(name, column, Math.round(median(all)));
      };
      await throughput('20k at 25', shortBacklog, 25, rounds);
      await throughput('20k at 100', shortBacklog, 100, rounds);
      await throughput('100k at 25', longBacklog, 25, 1);

      for (const system of systems) {
        note(system.name, 'kill -9', await describeRecovery(system, database.url));
      }
      for (const system of systems) await system.close();
      const outages = await measureOutage(database.url, systemNames, database.restart);
      for (const [name, { survived, firstStartMs }] of outages) {
        note(name, '5 s outage', survived && firstStartMs !== undefined ? Math.round(firstStartMs) : 'died');
      }
      const p50 = (name: string) => percentile(times.get(name) ?? [], 0.5);
      return { rows: [...rows.values()], ours: p50('ours'), theirs: p50('graphile') };
    } finally {
      await database.drop();
    }
  },
};

/** The median where it is seconds; of whoever does not do it in ten, once is enough. */
async function describeRecovery(system: System, url: string): Promise<string> {
  const taken: number[] = [];
  for (let round = 0; round < recoveries; round++) {
    const one = await measureRecovery(system, url);
    if (one === undefined) return 'over 10,000';
    taken.push(one);
  }
  return `${Math.round(median(taken))} (worst ${Math.round(Math.max(...taken))})`;
}
