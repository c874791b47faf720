import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../backend/src/lib/embedded_postgres/start_embedded_postgres';

export type BenchDatabase = {
  url: string;
  /** takes the whole server away for so many milliseconds; resolves when it answers again */
  restart(awayMs: number): Promise<void>;
  drop(): Promise<void>;
};

const dataDir = path.resolve(import.meta.dirname, '../../.data/bench');

/** A database of the measurement's own, on a server of the benchmarks' own. */
export async function createBenchDatabase(): Promise<BenchDatabase> {
  mkdirSync(dataDir, { recursive: true });
  let postgres = await startEmbeddedPostgres({ dataDir, canCreateDatabases: true });
  const withAdmin = async (sql: string) => {
    const admin = new pg.Client({ connectionString: postgres.databaseUrl });
    await admin.connect();
    await admin.query(sql).finally(() => admin.end());
  };
  const database = `bench_${process.pid}`;
  await withAdmin(`create database ${database}`);
  const url = new URL(postgres.databaseUrl);
  url.pathname = `/${database}`;
  return {
    url: url.href,
    async restart(awayMs) {
      const pidFile = path.join(postgres.clusterDir, 'data/postmaster.pid');
      const [pid] = readFileSync(pidFile, 'utf8').split('\n');
      // A fast stop: it sends everybody away and writes everything down.
      process.kill(Number(pid), 'SIGINT');
      await postgres.gone;
      await sleep(awayMs);
      postgres = await startEmbeddedPostgres({ dataDir, canCreateDatabases: true });
    },
    async drop() {
      // A vacuum in it belongs to the superuser, whom we cannot send away; it is over within a minute.
      for (let tries = 0; ; tries++) {
        try {
          await withAdmin(`drop database if exists ${database} with (force)`);
          break;
        } catch (error) {
          if (tries === 120) throw error;
          await sleep(500);
        }
      }
      await postgres.stop();
    },
  };
}

/**
 * What autovacuum does within a minute of a first load, so that measurements do not depend on when. As the owner of the
 * tables: for anybody else PostgreSQL skips them, and says so only in a notice.
 */
export async function analyze(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('vacuum analyze');
  await client.end();
}
