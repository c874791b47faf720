import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../backend/src/lib/embedded_postgres/start_embedded_postgres';

export type BenchDatabase = { url: string; drop(): Promise<void> };

/** A database of the measurement's own, on a server of the benchmarks' own. */
export async function createBenchDatabase(): Promise<BenchDatabase> {
  const dataDir = path.resolve(import.meta.dirname, '../../.data/bench');
  mkdirSync(dataDir, { recursive: true });
  const postgres = await startEmbeddedPostgres({ dataDir, canCreateDatabases: true });
  const admin = new pg.Client({ connectionString: postgres.databaseUrl });
  await admin.connect();
  const database = `bench_${process.pid}`;
  await admin.query(`create database ${database}`);
  const url = new URL(postgres.databaseUrl);
  url.pathname = `/${database}`;
  return {
    url: url.href,
    async drop() {
      // A vacuum in it belongs to the superuser, whom we cannot send away; it is soon over.
      for (let tries = 0; ; tries++) {
        try {
          await admin.query(`drop database if exists ${database} with (force)`);
          break;
        } catch (error) {
          if (tries === 20) throw error;
          await sleep(500);
        }
      }
      await admin.end();
      await postgres.stop();
    },
  };
}
