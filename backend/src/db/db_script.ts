import { rakeDb } from 'orchid-orm/migrations/node-postgres';
import { BaseTable } from './base_table';

/** Wraps each migration; `cli.ts` runs the command line with the same settings. */
export const { change, run } = rakeDb({
  baseTable: BaseTable,
  basePath: import.meta.dirname,
  dbScript: 'db_script',
  dbPath: './generator_db',
  dbExportedAs: 'db',
  migrationId: 'serial',
  migrationsPath: 'migrations',
  import: (path) => import(path),
});
