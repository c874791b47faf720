import { mkdirSync } from 'node:fs';
import pg from 'pg';
import { startEmbeddedPostgres } from '../lib/embedded_postgres/start_embedded_postgres';
import { hashPassword } from '../modules/auth/password';
import { connectDb } from './db';
import { run } from './db_script';
import { migrate } from './migrate';
import { seedDemoSchool } from './seeds/seed_demo_school';

/**
 * `yarn db g <name>`, `yarn db up`, `yarn db seed` against DATABASE_URL, else the embedded server. `yarn db restored` is
 * for after files of the database were put back by other means than PostgreSQL's own.
 */
const dataDir = process.env.RAPT_DATA_DIR ?? '../.data';
const embedded = process.env.DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir });
if (embedded) mkdirSync(dataDir, { recursive: true });
const databaseURL = process.env.DATABASE_URL ?? embedded?.databaseUrl;
process.env.DATABASE_URL = databaseURL;
try {
  if (process.argv[2] === 'seed' && databaseURL) {
    const db = connectDb(databaseURL, 'system', 4);
    const made = await seedDemoSchool(db, hashPassword);
    process.stdout.write(
      made ? 'The demo school was made.\n' : 'There are schools already; nothing was made.\n',
    );
    await db.$close();
  } else if (process.argv[2] === 'restored' && databaseURL) {
    await migrate(databaseURL);
    const client = new pg.Client({ connectionString: databaseURL });
    await client.connect();
    await client.query('select sync.keep_epoch(true)').finally(() => client.end());
    process.stdout.write(
      'Every browser loads anew what it may see. Start the server again if it was running meanwhile.\n',
    );
  } else await run({ databaseURL }, process.argv.slice(2));
} finally {
  await embedded?.stop();
}
