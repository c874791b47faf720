import pg from 'pg';
import { startEmbeddedPostgres } from '../lib/embedded_postgres/start_embedded_postgres';
import { hashPassword } from '../modules/auth/password';
import { connectDb } from './db';
import { migrate } from './migrate';
import { seedDemoSchool } from './seeds/seed_demo_school';

/** `yarn test:db:setup`: empties the database, migrates and seeds it. Everything in it is lost. */
const embedded = process.env.DATABASE_URL
  ? null
  : await startEmbeddedPostgres({ dataDir: process.env.RAPT_DATA_DIR ?? '../.data' });
const databaseUrl = process.env.DATABASE_URL ?? embedded?.databaseUrl ?? '';
if (process.env.NODE_ENV === 'production')
  throw new Error('This would delete everything: not in production.');

const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();
await client.query('drop schema if exists public cascade');
await client.query('drop schema if exists tbus cascade');
await client.query('drop schema if exists sync cascade');
await client.query('create schema public');
await client.end();

await migrate(databaseUrl);
const db = connectDb(databaseUrl, 'system', 4);
await seedDemoSchool(db, hashPassword);
await db.$close();
await embedded?.stop();
process.stdout.write('The database is as new, with the demo school in it.\n');
