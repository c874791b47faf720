import { mkdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../db/migrate';
import { startEmbeddedPostgres } from '../lib/embedded_postgres/start_embedded_postgres';

declare module 'vitest' {
  export interface ProvidedContext {
    /** connects to the database that test databases are cloned from */
    adminUrl: string;
    template: string;
  }
}

/** One server for all test files; each file clones its own database from a migrated template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = path.resolve(import.meta.dirname, '../../../.data/test');
  mkdirSync(dataDir, { recursive: true });
  const server = await startEmbeddedPostgres({
    dataDir,
    canCreateDatabases: true,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  const template = `template_${process.pid}`;
  const admin = new pg.Client({ connectionString: server.databaseUrl });
  await admin.connect();
  const left = await admin.query<{ datname: string }>(
    `select datname from pg_database where datname ~ '^(template|test)_[0-9]'`,
  );
  for (const { datname } of left.rows.filter(({ datname }) => isOrphan(datname)))
    await admin.query(`drop database if exists "${datname}" with (force)`);
  await admin.query(`create database "${template}"`);
  const url = new URL(server.databaseUrl);
  url.pathname = `/${template}`;
  await migrate(url.href);
  project.provide('adminUrl', server.databaseUrl);
  project.provide('template', template);
  return async () => {
    await admin.query(`drop database if exists "${template}" with (force)`);
    await admin.end();
    await server.stop();
  };
}

/** Another run on the same server may be in the midst of cloning its template. */
function isOrphan(database: string): boolean {
  try {
    process.kill(Number(database.split('_')[1]), 0);
    return false;
  } catch {
    return true;
  }
}
